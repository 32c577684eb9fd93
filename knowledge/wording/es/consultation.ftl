# Lo que Careline dice en una consulta. Palabras sencillas, para leer desde los 11 años. Traducido del inglés; NO revisado por hablantes
# ni por profesionales (unreviewed).

operator-without-name = este servicio
greeting = Hola. Soy un asistente automático de { $operator }. No soy una persona, y no puedo decirle qué enfermedad tiene. Hago preguntas y después digo en cuánto tiempo buscar ayuda y dónde.
    Si alguien puede estar en peligro ahora mismo, no me espere.
consent = Antes de empezar: lo que escribe lo guarda { $operator }, bajo llave. Se usa para ayudarle, y un profesional de la salud puede leerlo. Puede pedir verlo o borrarlo en cualquier momento. Si lo que dice suena a emergencia, se lo diré enseguida, incluso antes de que acepte. ¿Está de acuerdo?
consent-thanks = Gracias. Le haré unas preguntas cortas. Puede parar, cambiar una respuesta o pedir hablar con una persona en cualquier momento.
consent-thanks-known = Gracias. He guardado lo que escribió, así que no tiene que decirlo otra vez. Primero, unas preguntas cortas. Puede parar, cambiar una respuesta o pedir hablar con una persona en cualquier momento.
held-until-consent = Tengo su mensaje. Puedo seguir en cuanto acepte. Si no acepta, lo borraré.
person-after-consent = En cuanto acepte, puedo poner en la lista de los profesionales que quiere hablar con una persona. Si no acepta, borraré lo que escribió.
declined = Está bien. He borrado lo que escribió. Aquí no puedo ayudarle más. Hable con un médico, una enfermera o un farmacéutico si está preocupado.

complaint-question = ¿Cuál es el problema hoy? Cuéntelo con sus palabras.
complaint-why = Para hacerle las preguntas adecuadas.
complaint-choice-question = Quiero hacerle las preguntas adecuadas. ¿Cuál de estas cosas se parece más?
complaint-choice-why = No pude relacionar sus palabras con un solo problema, y no quiero adivinar.
complaint-buttons-question = ¿Cuál es el problema hoy? Pulse el que más se parezca.
complaint-buttons-why = Para hacerle las preguntas adecuadas. Entiendo los botones, pero todavía no leo bien lo que se escribe en español.
about-the-other-person = (Responda por la persona a la que ayuda.)
country-unknown = No tengo los números de teléfono de ese lugar, así que le mostraré los que funcionan en muchos países.

consent-young = Antes de empezar: hiciste bien en escribir, y puedes hacerlo por tu cuenta. Lo que escribes lo guarda { $operator }, bajo llave. Se usa para ayudarte. Una enfermera o un médico puede leerlo. Puedes pedir verlo o borrarlo en cualquier momento. Si lo que dices suena a emergencia, te lo diré enseguida, incluso antes de que aceptes. ¿Estás de acuerdo?

# Una persona joven que escribe sin compañía.
young-greeting = Hiciste bien en escribir aquí. Usaré palabras sencillas. Si no entiendes una pregunta, pulsa «No lo sé» y seguimos. No tienes que pedir permiso a tu madre o a tu padre para buscar ayuda.
young-tell-someone = Es bueno tener a tu lado a un adulto de confianza: tu madre, tu padre, una tía o un tío, un maestro, la enfermera de la escuela o un médico. Si no puedes contárselo a uno, cuéntaselo a otro. No te van a regañar, y no es culpa tuya.
young-line = { $label }: { $tel }. Allí puedes hablar de cualquier cosa.
young-emergency = Hiciste bien en decírmelo, y no te van a regañar. Si cerca hay un adulto de confianza, díselo ahora. Si no hay nadie, no esperes: llama tú.
young-with-result = Puedes ir a un médico, una enfermera o un farmacéutico por tu cuenta, o llevar a un adulto de confianza. La enfermera de la escuela también puede ayudar. Pregunta a alguno antes de tomar un medicamento.
option-talk-to-clinician-young = Pedir hablar con una enfermera o un médico

option-agree = Estoy de acuerdo
option-decline = No estoy de acuerdo
option-yes = Sí
option-no = No
option-unsure = No lo sé
option-none = Nada de esto
option-nothing = Ninguno
option-something-else = Otra cosa
option-called = Ya he llamado
option-cannot-call = No puedo llamar
option-not-meant = No quise decir eso
option-continue = Seguir con las preguntas
option-skip = Saltar esto
option-talk-to-clinician = Pedir hablar con un profesional
option-see-summary = Ver el resumen
option-start-over = Empezar de nuevo

report-noted = Gracias, lo he anotado. Volvamos a mi pregunta.
report-noted-crisis = Gracias por contármelo. No tiene que llevarlo a solas. Puede llamar a uno de estos números en cualquier momento. Después sigo con mi pregunta.
report-noted-crisis-another = Gracias por contármelo. No tiene que llevarlo a solas. Puede llamar por esa persona a uno de estos números en cualquier momento, y ella también. Después sigo con mi pregunta.
not-understood = Lo siento, no lo he entendido. Puede usar otras palabras o pulsar un botón.
not-understood-human = Siento no entenderle. Voy a pedir que una persona lo mire.
question-left-open = Dejo esa pregunta abierta y sigo.
answer-changed = Gracias. He cambiado su respuesta.
nothing-to-change = Todavía no hay ninguna respuesta que cambiar.
change-which = Vamos a cambiar su última respuesta. Para cambiar una anterior, pulse otra vez su botón.
started-over = Empezamos otra vez desde el principio. Lo que me contó antes ya no se usa.
stopped = He terminado esta conversación. Si empeora, o está preocupado, busque ayuda.
closed-already = Esta conversación está cerrada. Abra una nueva si necesita ayuda.
thanks = De nada.
hello-again = Hola.
call-heard = Estoy aquí, y su mensaje me ha llegado. Es normal tener miedo. Soy un asistente automático, no una persona, pero podemos seguir paso a paso. Puede pedir hablar con una persona en cualquier momento.
call-advice = Lo que aconsejé sigue valiendo: { $title }. { $where }
feedback-taken = Gracias. Lo he guardado para las personas que llevan este servicio.
out-of-scope = Solo puedo ayudar con problemas de salud, y con cuándo y dónde buscar ayuda. Soy un programa de ordenador, no una persona. Lo que escribe se guarda bajo llave, y un profesional de la salud puede leerlo.
what-next = ¿Qué quiere hacer ahora?

why-question = Por qué lo pregunto: { $why }
why-result = Por qué este consejo:
why-all = Pregunto para poder decirle en cuánto tiempo necesita ayuda y dónde. Empiezo por lo más importante.

summary-heading = Esto es lo que sé hasta ahora:
summary-present = Me ha dicho: { $findings }.
summary-absent = Me ha dicho que no tiene esto: { $findings }.
summary-unknown = No se sabe: { $findings }.
summary-empty = Nada todavía.
summary-result = Mi consejo: { $title }. { $where }

# Unidades, después de un número.
unit-years =
    { $number ->
        [one] año
       *[other] años
    }
unit-months =
    { $number ->
        [one] mes
       *[other] meses
    }
unit-weeks =
    { $number ->
        [one] semana
       *[other] semanas
    }
unit-days =
    { $number ->
        [one] día
       *[other] días
    }
unit-hours =
    { $number ->
        [one] hora
       *[other] horas
    }
unit-minutes =
    { $number ->
        [one] minuto
       *[other] minutos
    }
unit-celsius = °C
unit-fahrenheit = °F
unit-percent = %
unit-bpm = latidos por minuto
unit-per-minute = por minuto
unit-mmhg = mmHg
unit-mmol-per-l = mmol/l
unit-mg-per-dl = mg/dl
unit-score = de 10
unit-times-per-day = veces al día

# Después del consejo, a quien lo quiere se le pregunta cómo está.
check-in-says-better = Ahora me siento mejor.
check-in-says-same = Me siento más o menos igual.
check-in-says-worse = Ahora me siento peor.
check-in-better = Me alegra oírlo. Lo que aconsejé sigue valiendo. Si empeora, o está preocupado, busque ayuda o escriba aquí.
check-in-same = Gracias por decírmelo. Lo que aconsejé sigue valiendo: por favor, no lo deje para más tarde. Si empeora, o está preocupado, busque ayuda o escriba aquí.
check-in-worse = Siento que esté peor. Ahora lo tomo más en serio que antes. He puesto esto en la lista de los profesionales. Todavía no sé si alguien lo ha visto, así que no los espere. Le preguntaré otra vez lo que puede ser peligroso. Si puede estar en peligro ahora, llame primero.
