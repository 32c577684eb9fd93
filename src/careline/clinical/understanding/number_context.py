"""Ways to write a number that has no name beside it: what it is, the rest of the message tells.

"29 weeks, nothing last night" is a pregnancy, "6 weeks, hot, off his bottle" an age; "the meter says 2.4" is a sugar
where somebody has diabetes. Each line is `quantity | phrase | words`: with `+` one of the words must be in the message,
with `-` none may. "<clause>" before a phrase: it begins a clause; "<opening>": the message.
"""

from __future__ import annotations

_PREGNANCY = (
    "pregnant preg pregnancy bump placenta midwife trimester contraction contractions tightenings miscarriage "
    "miscarrying expecting maternity antenatal ectopic womb waters carrying praevia gestation fundus"
)
_LABOUR = f"{_PREGNANCY} gush gushed trickling leaking cramps bleeding backache movements kicks kicking kicked show"
_NEWBORN = (
    "baby babys babies newborn bub bubba bab bairn infant preemie premmie neonate nappy nappies diaper diapers bottle "
    "feed feeds feeding milk formula fontanelle cot swaddle possets "
    "grunting grunty grunt whimper mewing sicky sicked"
)
# Of the mother, or of something that lasts: then a row of weeks is no baby's age.
_NOT_OF_A_BABY = (
    f"{_PREGNANCY} birth postpartum pp lochia stitches section bleeding spotting clots pads period sober clean post "
    "late overdue dad husband wife years breastfeeding engaged married mastitis"
)
_DIABETES = (
    "diabetic diabetes insulin hypo hypos novorapid humalog lantus gliclazide metformin lucozade juice pump sugar "
    "sugars glucose bg glucometer dexcom libre ketones type1 t1 t1d jelly"
)
_LUNGS = (
    "covid copd lung lungs oxygen sats spo2 o2 saturation oximeter pneumonia fibrosis emphysema bronchiolitis "
    "rsv asthma "
    "litres breathless breathing breath puffing gasping chest masimo owlet"
)
_SHOWS = "[is|s|was|keeps] (says|said|saying|reads|read|reading|shows|showing|showed|gives|gave|at)"
_FINGER = "(finger|fingertip|wrist|chemist)"
_DEVICE = "(thing|thingy|clip|monitor|machine|probe|meter|peg|gadget|reader|device|sensor)"
_SUGAR_METER = "(meter|machine|stick|sensor|strip|monitor|tester|glucometer|pricker|reader|prick|pump)"
_MODEST = "[only|just|about|nearly|barely|now|exactly|around]"
_CHILD = "(son|daughter|boy|girl|baby|grandson|granddaughter|nephew|niece|newborn|bub)"
_ELDERS = (
    "(mum|dad|mother|father|husband|wife|partner|nan|nana|gran|granny|grandma|grandad|grandpa|grandfather|grandmother|"
    "stepdad|stepmum|pops|uncle|aunt|auntie|neighbour)"
)

STATED_FIRST = f"""
oxygen_percent | (usually|normally|normaly|usual|normal|always|generally) .. <high_oxygen> .. .. <oxygen> | + {_LUNGS}
oxygen_percent | sit at <high_oxygen> .. .. .. <oxygen> | + {_LUNGS}
oxygen_percent | {_FINGER} {_DEVICE} [on (dad|mum|him|her|me)] {_SHOWS} {_MODEST} <oxygen>
oxygen_percent | (pulse ox|pulse oximeter|owlet|masimo|finger probe|finger clip) [{_SHOWS}] {_MODEST} <oxygen>
oxygen_percent | watch {_SHOWS} <oxygen> (%|percent)
heart_rate_bpm | (heart|hart|heartbeat) [is|s] (going|run|runs|running|racing|goes|beating) [at|to|about|off \
at|up to] <fast_pulse>
heart_rate_bpm | <fast_pulse> on (my|his|her|the) (watch|fitbit|garmin|kardia)
breaths_per_minute | (breathes|breathing|breaths) [only|at|about|just] <number> (a|per|every) minute*
"""
IN_CONTEXT = f"""
pregnancy_weeks | <late_weeks> (weeks|week|w) | - nappy nappies newborn diaper bottle jabs sober clean list op surgery \
dad grandad man male m
pregnancy_weeks | <late_weeks> <days_on> | + {_LABOUR}
pregnancy_weeks | <late_weeks> and <days_on> | + {_PREGNANCY}
pregnancy_weeks | <number> (weeks|w) | + {_PREGNANCY}
age_years | (he|she|baby|bubba|bub) (is|s|has|have) {_MODEST} <number> [and a half] <baby_unit> | - {_NOT_OF_A_BABY}
age_years | (son|daughter|boy|girl|baby|lad|grandson|granddaughter|bab) of {_MODEST} <number> <baby_unit>
age_years | <clause> (m|f|male|female|boy|girl|little man|little one|newborn) <number> <baby_unit> | - {_NOT_OF_A_BABY}
age_years | {_CHILD} <comma> {_MODEST} <number> <baby_unit> | - {_NOT_OF_A_BABY}
age_years | {_CHILD} (is|s) {_MODEST} <number> <baby_unit> | - {_NOT_OF_A_BABY}
pregnancy_weeks | <opening> <number> (weeks|w) | + clots pads pad gush bleeding bleedin | - birth post pp \
period periods pill coil implant depo
age_years | (he|she|baby) was born <number> <baby_unit> ago | - {_NOT_OF_A_BABY} i
age_years | <clause> born <number> <baby_unit> ago | - {_NOT_OF_A_BABY}
age_years | <clause> [only|aged|just] <number> [and a half] <baby_unit> | + {_NEWBORN} | - {_NOT_OF_A_BABY}
age_years | {_ELDERS} <comma> <elder>
age_years | (grandfather|grandmother|grandad|grandpa|granny|nan|gran|nana) [is|s|aged] <over_60> | - sat sats \
oxygen spo2 oximeter pulse
age_years | (gentleman|lady|resident|cellmate) [is|s|of|aged] [about|around] <elder>
temperature_celsius | <decimal> (rectal|rectally|under|dead on|on the dot|exactly|just now|armpit|axillary)
temperature_celsius | <spoken_fever>
temperature_celsius | <fever_f> [°] (f|fahrenheit)
temperature_celsius | <fever_c> [°] (c|celsius)
temperature_celsius | <clause> <fever_f> | + fever feverish hot burning shivering shivery thermometer
oxygen_percent | oxymeter {_SHOWS} <oxygen>
oxygen_percent | reading <oxygen> (keeps|and|now|dropping|going) | + {_LUNGS} | - pulse heart temp temperature bp sugar
oxygen_percent | <oxygen> (%|percent) | + {_LUNGS}
glucose_mmol_per_l | {_SUGAR_METER} {_SHOWS} {_MODEST} <number> [<sugar>] | + {_DIABETES}
glucose_mmol_per_l | {_SUGAR_METER} <low_sugar> | + {_DIABETES}
glucose_mmol_per_l | <number> on the [us|his|her] (meter|machine|monitor|stick|sensor) | + {_DIABETES}
glucose_mmol_per_l | (am|is|s|at) <low_sugar> (now|and) | + {_DIABETES}
"""
SIGNS = {
    "<late_weeks>": (
        r"(?P<number>2[4-9]|3\d|4[0-2]|"
        r"(?:twenty|thirty|forty)(?: (?:one|two|three|four|five|six|seven|eight|nine))?)"
    ),
    "<days_on>": "[0-6]",
    "<baby_unit>": "(?P<unit>days?|weeks?|months?)",
    "<comma>": ",",
    "<elder>": r"(?P<number>[4-9]\d)",
    "<over_60>": r"(?P<number>[6-9]\d)",
    "<spoken_fever>": (
        r"(?P<number>(?:thirty (?:five|six|seven|eight|nine)|forty(?: one)?) point "
        r"(?:zero|one|two|three|four|five|six|seven|eight|nine))"
    ),
    "<high_oxygen>": r"(?:8[5-9]|9\d)",
    "<oxygen>": r"(?P<number>[6-9]\d)",
    "<fast_pulse>": r"(?P<number>1[3-9]\d|2\d\d)",
    "<fever_f>": r"(?P<number>10[0-6](?:\.\d)?)",
    "<fever_c>": r"(?P<number>3[5-9](?:\.\d)?|4[01](?:\.\d)?)",
    "<low_sugar>": r"(?P<number>[1-3]\.\d)",
}
