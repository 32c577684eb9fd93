# What Careline says in a consultation. Plain words, reading age about 11. Values in { $braces } are filled in.

operator-without-name = this service
greeting = Hello. I am an automatic helper from { $operator }. I am not a person, and I cannot tell you what illness you have. I ask questions, then say how soon to get help and where.
    If someone may be in danger right now, do not wait for me.
consent = Before we start: what you write is kept, locked, by { $operator }. It is used to help you, and a clinician may read it. You can ask to see it or have it erased at any time. If your words sound like an emergency I will say so straight away, even before you agree. Do you agree?
consent-thanks = Thank you. I will ask a few short questions. You can stop, change an answer, or ask for a person at any time.
consent-thanks-known = Thank you. I have kept what you wrote, so you do not have to say it again. First, a few short questions. You can stop, change an answer, or ask for a person at any time.
held-until-consent = I have your message. I can go on as soon as you agree. If you do not agree, I will delete it.
person-after-consent = As soon as you agree, I can put your wish to speak to a person in the list for clinicians. If you do not agree, I will delete what you wrote.
declined = That is fine. I have deleted what you wrote. I cannot help further here. Please speak to a doctor, nurse or pharmacist if you are worried.

complaint-question = What is the problem today? Tell me in your own words.
complaint-why = So that I ask you the right questions.
complaint-choice-question = I want to ask you the right questions. Which of these is closest?
complaint-choice-why = I could not match your words to one problem, and I do not want to guess.
complaint-buttons-question = What is the problem today? Press the one that is closest.
complaint-buttons-why = So that I ask you the right questions. I understand the buttons, but I cannot read what is written in this language well yet.
about-the-other-person = (Please answer for the person you are helping.)
country-unknown = I do not have the phone numbers for that place, so I will show the numbers that work in many countries.

consent-young = Before we start: you did well to write, and you can do this by yourself. What you write is kept, locked, by { $operator }. It is used to help you. A nurse or doctor may read it. You can ask to see it or have it erased at any time. If your words sound like an emergency I will say so straight away, even before you agree. Do you agree?

# A young person who writes alone.
young-greeting = You did the right thing by writing here. I will use simple words. If you do not understand a question, press "Not sure" and we go on. You do not have to ask a parent first to get help.
young-tell-someone = It is good to have an adult you trust on your side: a parent, an aunt or uncle, a teacher, a school nurse or a doctor. If you cannot tell one of them, tell another. You are not in trouble, and it is not your fault.
young-line = { $label }: { $tel }. You can talk about anything there.
young-emergency = You did the right thing by telling me, and you are not in trouble. If an adult you trust is near, tell them now. If nobody is there, do not wait: call yourself.
young-with-result = You can go to a doctor, nurse or pharmacist by yourself, or bring an adult you trust. A school nurse can help too. Ask one of them before you take any medicine.
option-talk-to-clinician-young = Ask for a nurse or doctor

option-agree = I agree
option-decline = I do not agree
option-yes = Yes
option-no = No
option-unsure = Not sure
option-none = None of these
option-nothing = None
option-something-else = Something else
option-called = I have called
option-cannot-call = I cannot call
option-not-meant = That is not what I meant
option-continue = Continue the questions
option-skip = Skip this
option-talk-to-clinician = Ask for a clinician
option-see-summary = See the summary
option-start-over = Start over

report-noted = Thank you, I have noted that. Back to my question.
report-noted-crisis = Thank you for telling me. You do not have to carry this alone. You can call one of these numbers at any time. Then I go on with my question.
report-noted-crisis-another = Thank you for telling me. You do not have to carry this alone. You can call one of these numbers for them at any time, and they can too. Then I go on with my question.
not-understood = I am sorry, I did not understand that. You can use other words or press a button.
not-understood-human = I am sorry that I keep missing your meaning. I will ask for a person to look at this.
question-left-open = I will leave that question open and go on.
answer-changed = Thank you. I have changed your answer.
nothing-to-change = There is no answer to change yet.
change-which = Let us change your last answer. To change an older one, press its button again.
started-over = We start again from the beginning. What you told me before is no longer used.
stopped = I have ended this chat. If things get worse, or you are worried, get help.
closed-already = This chat is closed. Please open a new one if you need help.
thanks = You are welcome.
hello-again = Hello.
call-heard = I am here, and I have your message. It is all right to be afraid. I am an automatic helper, not a person, but we can go on step by step. You can ask for a person at any time.
call-advice = What I advised still holds: { $title }. { $where }
feedback-taken = Thank you. I have kept that for the people who run this service.
out-of-scope = I can only help with health problems, and with when and where to get help. I am a computer program, not a person. What you write is kept locked, and a clinician may read it.
what-next = What would you like to do next?

why-question = Why I ask: { $why }
why-result = Why this advice:
why-all = I ask so that I can tell how soon you need help and where. I start with what matters most.

summary-heading = This is what I know so far:
summary-present = You told me: { $findings }.
summary-absent = You told me this is not so: { $findings }.
summary-unknown = Not sure: { $findings }.
summary-empty = Nothing yet.
summary-result = My advice: { $title }. { $where }

# Units, after a number.
unit-years =
    { $number ->
        [one] year
       *[other] years
    }
unit-months =
    { $number ->
        [one] month
       *[other] months
    }
unit-weeks =
    { $number ->
        [one] week
       *[other] weeks
    }
unit-days =
    { $number ->
        [one] day
       *[other] days
    }
unit-hours =
    { $number ->
        [one] hour
       *[other] hours
    }
unit-minutes =
    { $number ->
        [one] minute
       *[other] minutes
    }
unit-celsius = °C
unit-fahrenheit = °F
unit-percent = %
unit-bpm = beats a minute
unit-per-minute = a minute
unit-mmhg = mmHg
unit-mmol-per-l = mmol/l
unit-mg-per-dl = mg/dl
unit-score = out of 10
unit-times-per-day = times a day

# After the advice, who wants it is asked how they are.
check-in-says-better = I feel better now.
check-in-says-same = I feel about the same.
check-in-says-worse = I feel worse now.
check-in-better = I am glad to hear that. What I advised still holds. If it gets worse, or you are worried, get help or write here.
check-in-same = Thank you for telling me. What I advised still holds: please do not put it off. If it gets worse, or you are worried, get help or write here.
check-in-worse = I am sorry that you feel worse. Now I take it more seriously than before. I have put this in the list for clinicians. I do not know yet if anyone has seen it, so do not wait for them. I will ask again what may be dangerous. If you may be in danger now, call first.
