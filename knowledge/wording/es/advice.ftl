# El final de la consulta, y la orientación. Traducido del inglés; NO revisado por hablantes ni por profesionales (unreviewed).

assessment-heading = { $title }
service-here = Donde usted está, eso es { $service }.
advice-line = { $label }: { $tel }
assessment-because = Por qué:
assessment-unknown = Lo que no sé:
assessment-meanwhile = Lo que puede hacer mientras tanto:
assessment-if-worse = Busque más ayuda si:
assessment-degraded = Una parte de mi sistema no funcionaba mientras hablábamos. Tenga más cuidado, y busque ayuda antes si está preocupado.
assessment-because-unread = Usted escribió algo que no pude leer, así que aconsejo más cuidado.
assessment-unread = Usted escribió algo que no pude leer. No sé qué decía, así que mi consejo no lo tiene en cuenta y es más prudente. Si era algo malo o nuevo, busque ayuda ahora.
not-a-diagnosis = Esto no es un diagnóstico. Si está preocupado, busque ayuda antes de lo que he dicho.
not-yet-checked = Esto todavía no lo ha revisado ningún profesional de la salud.
assessment-worse = Me dijo que ha empeorado desde mi consejo.
raised-because-unknown = Aconsejo más cuidado porque algunas respuestas no se saben.
medicine-caution = Sobre { $medicine }: { $why }
no-guidance-found = No tengo orientación revisada en español para mostrarle sobre esto.
guidance-missing = Ahora no puedo buscar orientación. Lo demás que digo no depende de eso.
no-signed-protocol = No tengo preguntas para este problema que un profesional haya revisado. Por favor, hable con alguien.

guidance-source = Fuente: { $title }, { $organisation }, { $read }. Se revisará antes del { $review_by }.
guidance-more = Lea más: { $url }
source-read-on = leído el { $accessed }
source-copy = leído en una copia
source-not-read = no leído para esta página
guidance-none = No tengo orientación revisada sobre esto, así que no voy a adivinar. Un farmacéutico o un médico puede responderlo. He anotado su pregunta para las personas que escriben nuestra orientación.
guidance-withheld = Tengo una página sobre esto, pero es para quien puede esperar. Mi consejo sigue igual: primero busque ayuda.
guidance-suggest = No estoy seguro de tener la página correcta. La más cercana es «{ $title }»: { $url }. Si no es esa, pregunte a un farmacéutico o a un médico. He anotado su pregunta.
dose-declined = No puedo calcular cuánto medicamento es adecuado para usted. Siga la caja o el prospecto. Un farmacéutico puede decirle qué es seguro, y no necesita cita. Si se tomó más de lo que dice la caja, busque ayuda ahora, aunque se sienta bien.
prescription-declined = No puedo recetar ni pedir un medicamento, ni escribir un justificante. Su médico sí puede. Si se le ha acabado, un farmacéutico puede ayudarle muchas veces el mismo día.
question-not-now = Ahora no puedo buscar respuestas. Pregunte a un farmacéutico o a un médico, o pregúnteme más tarde.
