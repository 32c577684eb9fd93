# Un mensaje que Careline no puede leer. Las frases cortas en otros idiomas (`unreadable-…`) están solo en `en/`.
# Traducido del inglés; NO revisado por hablantes ni por profesionales (unreviewed).

unread-message = Por ahora entiendo los botones y las respuestas cortas, pero no leo bien lo que se escribe con palabras propias. No he podido leer su mensaje, así que no sé si necesita ayuda rápida.
unread-what-to-do = Si puede, use los botones o pida ayuda a alguien.
unread-handed-over = He puesto su mensaje en la lista de los profesionales. Todavía no sé si alguien lo ha visto, así que no los espere.
few-words-unread = No he podido leer esto, así que no sé si necesita ayuda rápida. Dígalo con otras palabras, por favor.
other-problem-here = De este problema no tengo preguntas propias en español. Por eso soy más prudente, y he pedido que una persona lo mire.
