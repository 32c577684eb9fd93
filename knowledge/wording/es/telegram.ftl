# Lo que Careline dice en Telegram además de la consulta. Palabras sencillas, para leer desde los 11 años. Traducido del inglés; NO
# revisado por hablantes ni por profesionales (unreviewed).
# Las líneas `telegram-command-…` están en la lista de comandos del bot: 60 caracteres como mucho.

telegram-language-name = Español

telegram-command-start = Empezar, o seguir donde estábamos
telegram-command-emergency = Teléfonos para una emergencia
telegram-command-human = Pedir hablar con un profesional
telegram-command-summary = Lo que sé hasta ahora
telegram-command-cancel = Dejar mis respuestas y empezar de nuevo
telegram-command-stop = Terminar esta conversación
telegram-command-language = Elegir el idioma
telegram-command-link = Seguir esta conversación en otro sitio
telegram-command-privacy = Quién puede leer lo que escribo
telegram-command-export = Recibir una copia de todo lo guardado
telegram-command-delete = Borrar todo
telegram-command-help = Qué puede hacer este bot

# Lo que dice un comando en lugar del paciente. Las mismas palabras que entiende la consulta en español.
telegram-says-human = Quisiera hablar con un profesional
telegram-says-summary = Muéstreme el resumen, por favor
telegram-says-cancel = Borre mis respuestas y empiece de nuevo
telegram-says-stop = Cierre esta conversación ahora, por favor

telegram-help = Le pregunto por su problema de salud y le digo en cuánto tiempo buscar ayuda y dónde. Pulse un botón para responder. Para cambiar una respuesta, pulse otra vez su botón o edite su mensaje. Si puede estar en peligro, no me espere: llame al número de emergencias. También puede usar esto:
telegram-emergency = Si alguien puede estar en peligro, no me espere.
telegram-human-first = Puedo poner en la lista de los profesionales que quiere hablar con una persona, en cuanto acepte que se guarde lo que escribe. Pulse primero «Estoy de acuerdo» y después envíe /human otra vez. Si no puede esperar, use estos números.
telegram-agree-first = Primero dígame si está de acuerdo, por favor.
telegram-nothing-yet = Aquí no hay nada todavía. Escriba qué le pasa, o envíe /start.
telegram-with-clinician = Ahora hay un profesional en esta conversación. Lo que escribe le llega a esa persona.
telegram-with-clinician-not-now = Ahora no puedo hacerlo, porque un profesional está en esta conversación. Lo que escribe le llega a esa persona. Puede pedirle que termine la conversación.
telegram-going-on = Estamos en medio de sus preguntas. Para empezar de nuevo, envíe /cancel.
telegram-clinician = { $name } ({ $role }):

telegram-privacy = Lo que escribe lo guarda { $operator }, bajo llave. Se usa para ayudarle, y un profesional de la salud puede leerlo. Se borra solo después de un tiempo, o enseguida si envía /delete. Con /export recibe una copia.
    Las conversaciones con bots de Telegram no están cifradas de extremo a extremo. Telegram podría leerlas, y también cualquiera que use su teléfono. No escriba aquí lo que no deban ver.
telegram-export = Todo lo que se guarda de esta conversación. Tenga cuidado con quién puede leer este archivo.
telegram-delete-sure = ¿Borro todo lo que se guarda de esta conversación? No se puede deshacer. Si pidió hablar con un profesional, seguirá viendo que lo pidió, pero no sus palabras.
telegram-deleted = He borrado lo que escribió. También he pedido a Telegram que borre los mensajes más nuevos de esta conversación. Los más viejos pueden seguir aquí: puede borrar la conversación en Telegram. Si necesita ayuda, escríbame otra vez.
telegram-kept = Lo he dejado todo como está.

telegram-language-which = ¿Qué idioma quiere?
telegram-language-set = Usaré el español. Algo de lo que muestro puede estar en otro idioma.

telegram-link = Para seguir en otro sitio, escriba allí este código antes de 15 minutos: { $code }
    No se lo enseñe a nadie: quien lo tiene puede leer esta conversación.
telegram-resumed = Seguimos aquí con su conversación.
telegram-code-unknown = Ese código no vale, o ya no. Pida uno nuevo donde empezó. También puede empezar aquí: escriba qué le pasa.
telegram-article = Viene de la página «{ $title }»: { $url }

telegram-got-photo = No puedo ver imágenes. Diga con palabras qué le pasa. Si puede estar en peligro, llame al número de emergencias.
telegram-got-video = No puedo ver vídeos. Diga con palabras qué le pasa. Si puede estar en peligro, llame al número de emergencias.
telegram-got-voice = No puedo oír mensajes de voz. Escriba qué le pasa. Si no puede escribir y puede estar en peligro, llame al número de emergencias.
telegram-got-sticker = No puedo leer stickers. Escriba unas palabras, o pulse un botón.
telegram-got-document = No puedo abrir archivos. Diga con palabras qué le pasa.
telegram-got-location = No puedo ver dónde está en un mapa, y no lo he guardado. Nadie va hacia usted por eso. Si necesita ayuda donde está, llame al:
telegram-got-contact = No he guardado ese número de teléfono. Si quiere dejar un número para un profesional, envíe primero /human.
telegram-got-something = No puedo leer eso. Diga con palabras qué le pasa, o pulse un botón.
telegram-empty = No he encontrado palabras ahí. Escriba unas palabras, o pulse un botón.
telegram-edit-taken = Veo que cambió un mensaje. He leído las palabras nuevas. Lo que se dijo antes no se pierde.
telegram-sent-again = Puede que ya tenga este mensaje.
telegram-wait = Ha enviado muchos mensajes en poco tiempo. En cuanto llega cada uno, miro si hay señales de peligro. Los demás los respondo en orden, y eso puede tardar unos minutos. No se pierde nada: no hace falta que envíe nada otra vez.
telegram-slow = Esto tarda más de lo habitual. Tengo su mensaje y no hace falta que lo envíe otra vez. Si alguien puede estar en peligro, no me espere.

telegram-button-done = Listo
telegram-button-chosen = ✓ { $chosen }
telegram-button-change = ✓ { $chosen } (cambiar)
telegram-button-delete = Sí, borrar todo
telegram-button-keep = No, dejarlo
telegram-button-over = Ese botón es de antes y ya no hace nada.
telegram-answered-already = Ya ha respondido a eso.
telegram-choose-first = Elija primero al menos una línea, y después pulse Listo.

telegram-group = Solo hablo en conversaciones privadas, para que otros no puedan leer sobre su salud. No se ha guardado nada de este grupo. Abra una conversación conmigo a solas, por favor. En una emergencia llame al número de emergencias de su zona.

telegram-check-in-offer = ¿Le pregunto más tarde cómo está? Escribo aquí una vez, y no de noche. Puede pararlo con /stop.
telegram-check-in-will = Le preguntaré aquí en unas { $hours } horas, o por la mañana si eso es de noche. Si empeora antes, no me espere.
telegram-check-in-not = No escribiré por mi cuenta. Puede escribir aquí en cualquier momento.
telegram-check-in = ¿Cómo está ahora?
telegram-button-better = Mejor
telegram-button-same = Igual
telegram-button-worse = Peor
telegram-check-in-over = Cuénteme ahora con sus palabras cómo está, por favor.
