# The chat page. Only the name of the language so far; the rest is shown in English until it is translated (unreviewed).

widget-language-name = Español
