# Emergencias, crisis y paso a una persona. Ninguna frase dice que se avisó a alguien o que alguien vendrá si no consta como hecho.
# Traducido del inglés; NO revisado por hablantes ni por profesionales (unreviewed).

emergency-heading = EMERGENCIA: { $title }
emergency-because = Lo que escribió puede ser señal de algo grave: { $signs }.
emergency-by-words = Me he guiado por estas palabras suyas: «{ $quote }».
safety-question-one = Lo que escribió puede necesitar ayuda de inmediato. Tengo que estar seguro. Responda primero a esto, por favor:
safety-question-several = Lo que escribió puede necesitar ayuda de inmediato. Tengo que estar seguro. ¿Pasa algo de esto?
safety-if-yes = Si la respuesta es sí, no espere y no siga aquí: { $where }
safety-why = Algunas de sus palabras pueden ser una emergencia. Un sí quiere decir que debe buscar ayuda de inmediato.
safety-no = Gracias. Si eso cambia, dígamelo o llame enseguida al número de emergencias.
safety-unsure = Gracias. Como no se sabe, lo tomo en serio. Si llega a pensar que es así, llame enseguida al número de emergencias.
emergency-until-help = Hasta que llegue la ayuda:
call-known-country = En una emergencia llame al { $number }.
call-unknown-country = No sé en qué país está. En una emergencia llame al número de emergencias de su zona: { $numbers }.
emergency-which-country = ¿En qué país está? Así puedo mostrarle el número correcto. No espere por eso: llame primero.
emergency-called = Hizo bien. No cuelgue y haga lo que le digan. Si puede, abra la puerta y tenga a mano los medicamentos.
emergency-called-crisis = Hizo bien. No cuelgue y haga lo que le digan. Si puede, vaya a donde haya otra persona. Aléjese de todo lo que pueda usar para hacerse daño.
emergency-called-crisis-another = Hizo bien. No cuelgue y haga lo que le digan. Quédese con esa persona si no hay peligro para usted, y aparte todo lo que pueda usar para hacerse daño.
emergency-called-watched = Hizo bien. Si no hay peligro, no cuelgue y haga lo que le digan. Si tiene que colgar, vuelva a llamar en cuanto pueda hacerlo sin riesgo.
emergency-cannot-call-watched = Si puede, vaya a donde haya otras personas, o pida a alguien de confianza que llame por usted. Muchos móviles pueden llamar al número de emergencias sin saldo y sin tarjeta SIM. Hágalo cuando no haya peligro.
emergency-cannot-call = Pida a alguien cercano que llame: grite, golpee una puerta o mande un mensaje. Muchos móviles pueden llamar al número de emergencias sin saldo o sin tarjeta SIM. Si está cerca de un hospital y es seguro, pida que le lleven.
emergency-not-meant = Gracias por decírmelo. Retiro lo dicho y sigo. Un profesional puede mirarlo de todas formas, por seguridad. Si al final yo tenía razón, no espere.
emergency-continue = Podemos seguir, para que quienes le ayuden sepan más. Por favor, busque ayuda primero. Mi consejo de buscar ayuda de emergencia sigue igual.
emergency-still = Mi consejo sigue igual: busque ayuda de emergencia ahora.
emergency-still-crisis = Sigo queriendo que busque ayuda ahora. No tiene que pasar por esto a solas.
emergency-still-crisis-another = Sigo queriendo que esa persona reciba ayuda ahora. Usted no tiene que hacer esto a solas.
card-not-yet-checked = Estas palabras todavía no las ha revisado ningún profesional de la salud. Llame de todas formas: las personas al teléfono saben mejor qué hacer.
escalation-recorded = He puesto esto en la lista de los profesionales. Todavía no sé si alguien lo ha visto, así que no los espere.
escalation-recorded-joined = He marcado esto como urgente para el profesional que está en este chat. Aún no sé si lo ha leído, así que no espere a que lo haga.

crisis-imminent = Me alegra mucho que me lo haya contado. Su vida importa, y merece ayuda ahora mismo. Por favor, llame al número de emergencias o vaya a urgencias. Si puede, esté con alguien de confianza y aléjese de todo lo que pueda usar para hacerse daño.
crisis-imminent-another = Gracias por contármelo. Esa persona merece ayuda ahora mismo, y usted no tiene que hacer esto a solas. Por favor, llame al número de emergencias o acompáñela a urgencias. Si no hay peligro para usted, quédese a su lado y aparte todo lo que pueda usar para hacerse daño.
crisis-active = Me alegra mucho que me lo haya contado. Sentirse así es muy duro, y no tiene que llevarlo a solas. Por favor, hable hoy con alguien. Si cree que podría hacer lo que piensa, llame al número de emergencias.
crisis-active-another = Gracias por contármelo. Es duro ver así a alguien que le importa, y no tiene que llevarlo a solas. Por favor, ayude a esa persona a hablar hoy con alguien. Si podría hacer lo que piensa, llame al número de emergencias.
crisis-passive = Gracias por contármelo. Eso suena muy duro. Hablarlo con alguien puede ayudar. Si los pensamientos se hacen más fuertes, o cree que podría hacer lo que piensa, llame al número de emergencias.
crisis-passive-another = Gracias por contármelo. Suena muy duro para las dos personas. Hablarlo con alguien puede ayudarle. Si los pensamientos se hacen más fuertes, o podría hacer lo que piensa, llame al número de emergencias.
crisis-directory = Puede encontrar una línea de crisis gratuita de su país en findahelpline.com.
safeguarding-heading = Gracias por contármelo. Lo que cuenta no está bien, y no es culpa suya. Si ahora no es seguro leer esto, cierre la conversación y vuelva cuando no haya nadie.

clinician-joined = { $name } ({ $role }) ha entrado en esta conversación. Lo que escriba ahora le llega a esa persona, y yo me callo.
clinician-changed = { $before } ha pasado la conversación a { $name } ({ $role }), que tiene lo que usted escribió.
clinician-left = { $name } ha salido de esta conversación. Soy otra vez el asistente, no una persona. Su petición sigue en la lista de los profesionales.
clinician-away = Hace un rato que no se ve aquí a { $name }. Soy otra vez el asistente, no una persona. Su petición ha vuelto a la lista de los profesionales. No sé cuándo la verá alguien.
clinician-closed = { $name } ha terminado esta conversación.
clinician-closed-unseen = { $name } ha mirado su petición y la ha cerrado.
clinician-advice = Lo que quiere que usted sepa: { $advice }
handoff-recorded = He puesto en la lista de los profesionales que quiere hablar con una persona. Todavía no sé si alguien lo ha visto.
handoff-recorded-seen = He añadido a su caso, en la lista de los profesionales, que quiere hablar con una persona. Alguien ha marcado su caso como visto.
handoff-alternatives = Si no puede esperar, llame a su médico o a una línea de atención urgente.
duty-now = Ahora hay alguien marcado como de guardia.
duty-next = Ahora no hay nadie marcado como de guardia. La próxima persona está de guardia desde { $when }.
duty-nobody = Ahora no hay nadie marcado como de guardia.
duty-when = { $weekday ->
        [0] el lunes
        [1] el martes
        [2] el miércoles
        [3] el jueves
        [4] el viernes
        [5] el sábado
       *[6] el domingo
    } { $day } de { $month ->
        [1] enero
        [2] febrero
        [3] marzo
        [4] abril
        [5] mayo
        [6] junio
        [7] julio
        [8] agosto
        [9] septiembre
        [10] octubre
        [11] noviembre
       *[12] diciembre
    } a las { $time }

# Se dice más tarde, fuera de turno, cuando consta: un canal ha aceptado el mensaje; nadie lo confirmó a tiempo.
escalation-told = He pasado su petición al equipo de profesionales. Todavía no sé si alguien la ha leído. Por favor, no los espere si empeora.
escalation-nobody-answered = He pasado su petición, pero nadie del equipo de profesionales ha contestado todavía. Sigue en su lista. Por favor, no los espere.
escalation-not-delivered = No he podido comunicarme con el equipo de profesionales. Su petición sigue en su lista, pero no creo que nadie la haya visto. Por favor, no los espere.
# A quien puede estar vigilado: las frases de arriba se dicen entonces la próxima vez que escribe.
nothing-unasked = Aquí no le escribiré yo primero, por si alguien más mira. Escriba cualquier cosa para saber qué ha pasado con su petición.
contact-question = Si quiere, deje un número de teléfono, un nombre y dónde está. Ayuda si alguien tiene que encontrarle. Se guarda bajo llave.
contact-why = Para que un profesional pueda llamarle o mandar ayuda al lugar correcto. No es obligatorio.
contact-question-watched = ¿Qué número es seguro, y cuándo? Deje uno donde nadie más conteste ni lea los mensajes. Se guarda bajo llave.
safe-to-call-question = Antes de pedirle un número de teléfono: ¿es seguro que alguien le llame? Si otra persona puede contestar o escuchar, elija No.
safe-to-call-why = Para que una llamada no le ponga en peligro.
contact-not-safe = Entonces no le pediré un número, y he anotado que puede no ser seguro llamarle. Puede volver a escribir aquí cuando sea seguro.
contact-kept-not-known-safe = Lo he guardado con su petición, y he anotado que puede no ser seguro llamarle.
contact-kept = Gracias. Lo he guardado con su petición.
contact-kept-unread = Gracias. He guardado sus palabras tal como están, para los profesionales. Yo no las puedo leer bien. Si escribió cómo se encuentra y está mal, no espere.
contact-not-found = No he encontrado en eso un número de teléfono, un nombre ni un lugar, así que no lo he guardado. Si quería decir cómo encontrarle, escríbalo otra vez.
contact-skipped = Está bien.

safe-reply = Lo siento, una parte de mi sistema no funciona, así que no he podido leer eso bien. Inténtelo otra vez en un momento, por favor. Su mensaje está guardado.
safe-reply-going-on = Lo siento, una parte de mi sistema no funciona. Aun así puedo seguir con mis preguntas.
