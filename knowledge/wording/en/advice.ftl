# The end of triage, and guidance.

assessment-heading = { $title }
service-here = Where you are, that is { $service }.
advice-line = { $label }: { $tel }
assessment-because = Why:
assessment-unknown = What I do not know:
assessment-meanwhile = What you can do meanwhile:
assessment-if-worse = Get more help if:
assessment-degraded = Part of my system was not working while we talked. Be extra careful, and get help sooner if you are worried.
assessment-because-unread = You wrote something that I could not read, so I advise more care.
assessment-unread = You wrote something in a language that I cannot read. I do not know what it said, so my advice leaves it out and is more careful. If it was something bad or new, get help now or tell me in English.
not-a-diagnosis = This is not a diagnosis. If you are worried, get help sooner than I said.
not-yet-checked = This has not yet been checked by a clinician.
assessment-worse = You told me that it has got worse since my advice.
raised-because-unknown = I advise more care because some answers are not known.
medicine-caution = About { $medicine }: { $why }
no-guidance-found = I have no reviewed guidance to show for this.
guidance-missing = I cannot look up guidance right now. The rest of what I say does not depend on it.
no-signed-protocol = I have no questions for this problem that a clinician has checked. So please speak to someone instead.

guidance-source = Source: { $title }, { $organisation }, { $read }. To be reviewed by { $review_by }.
guidance-more = Read more: { $url }
source-read-on = read on { $accessed }
source-copy = read as a copy
source-not-read = not read for this page
guidance-none = I have no reviewed guidance on this, so I will not guess. A pharmacist or doctor can answer it. I have noted your question for the people who write our guidance.
guidance-withheld = I have a page about this, but it is for people who can wait. My advice to you is the same: get help first.
guidance-suggest = I am not sure I have the right page. The closest is "{ $title }": { $url }. If that is not it, please ask a pharmacist or doctor. I have noted your question.
dose-declined = I cannot work out how much of a medicine is right for you. Follow the packet or leaflet. A pharmacist can tell you what is safe, and you do not need an appointment. If more was taken than the packet says, get help now, even if you feel well.
prescription-declined = I cannot prescribe or order a medicine, or write a note. Your GP or family doctor can. If you have run out, a pharmacist can often help the same day.
question-not-now = I cannot look up answers right now. Please ask a pharmacist or doctor, or ask me again later.
