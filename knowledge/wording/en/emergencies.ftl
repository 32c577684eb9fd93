# Emergencies, crises and handoff. No sentence says that somebody was told or will come unless it is recorded as done.

emergency-heading = EMERGENCY: { $title }
emergency-because = What you wrote may be a sign of something serious: { $signs }.
emergency-by-words = I went by these words of yours: “{ $quote }”.
safety-question-one = What you wrote may need help at once. I need to be sure. Please answer this first:
safety-question-several = What you wrote may need help at once. I need to be sure. Is any of these so?
safety-if-yes = If yes, do not wait and do not go on here: { $where }
safety-why = Some of your words can mean an emergency. A yes means that you should get help at once.
safety-no = Thank you. If that changes, tell me or call the emergency number at once.
safety-unsure = Thank you. As it is not sure, I take it seriously. If you come to think that it is so, call the emergency number at once.
emergency-until-help = Until help comes:
call-known-country = In an emergency call { $number }.
call-unknown-country = I do not know which country you are in. In an emergency call your local emergency number: { $numbers }.
emergency-which-country = Which country are you in? Then I can show the right number. Do not wait for that: call first.
emergency-called = You did the right thing. Stay on the line and do what they tell you. If you can, unlock the door and have any medicines ready.
emergency-called-crisis = You did the right thing. Stay on the line and do what they tell you. If you can, go to where another person is. Stay away from anything you could use to hurt yourself.
emergency-called-crisis-another = You did the right thing. Stay on the line and do what they tell you. Stay with the person if it is safe for you, and move away anything they could use to hurt themselves.
emergency-called-watched = You did the right thing. If it is safe, stay on the line and do what they tell you. If you have to stop, call again as soon as it is safe.
emergency-cannot-call-watched = If you can, go to where other people are, or ask someone you trust to call for you. Many mobiles can call the emergency number without credit or a SIM card. Do it when it is safe.
emergency-cannot-call = Ask anyone near you to call: shout, knock, or message someone. Many mobiles can call the emergency number without credit or a SIM card. If you are near a hospital and it is safe, have someone take you there.
emergency-not-meant = Thank you for telling me. I take that back and go on. A clinician may still look at this, to be safe. If I was right after all, do not wait.
emergency-continue = We can go on, so that those who help you know more. Please get help first. My advice to get emergency help stays.
emergency-still = My advice stays the same: get emergency help now.
emergency-still-crisis = I still want you to get help now. You do not have to get through this alone.
emergency-still-crisis-another = I still want them to get help now. You do not have to do this alone.
card-not-yet-checked = These words have not yet been checked by a clinician. Call all the same: the people on the phone know best what to do.
escalation-recorded = I have put this in the list for clinicians. I do not know yet if anyone has seen it, so do not wait for them.
escalation-recorded-joined = I have marked this as urgent for the clinician who has joined this chat. I do not know if they have read it yet, so do not wait for them.

crisis-imminent = I am really glad you told me. Your life matters, and you deserve help right now. Please call the emergency number, or go to an emergency department. If you can, be with someone you trust and move away from anything you could use to hurt yourself.
crisis-imminent-another = Thank you for telling me. They deserve help right now, and you do not have to do this alone. Please call the emergency number, or go with them to an emergency department. If it is safe for you, stay with them and move away anything they could use to hurt themselves.
crisis-active = I am really glad you told me. Feeling like this is very hard, and you do not have to carry it alone. Please talk to someone today. If you might act on these thoughts, call the emergency number.
crisis-active-another = Thank you for telling me. It is hard to see somebody you care about feel like this, and you do not have to carry it alone. Please help them talk to someone today. If they might act on these thoughts, call the emergency number.
crisis-passive = Thank you for telling me. That sounds very hard. It can help to talk to someone about it. If the thoughts get stronger, or you might act on them, call the emergency number.
crisis-passive-another = Thank you for telling me. That sounds very hard for you both. It can help them to talk to someone about it. If the thoughts get stronger, or they might act on them, call the emergency number.
crisis-directory = You can find a free crisis line for your country at findahelpline.com.
safeguarding-heading = Thank you for telling me. What you describe is not all right, and it is not your fault. If it is not safe to read this now, close the chat and come back when you are alone.

clinician-joined = { $name } ({ $role }) has joined this chat. What you write now goes to them, and I will be quiet.
clinician-changed = { $before } has handed over to { $name } ({ $role }), who has what you wrote.
clinician-left = { $name } has left this chat. I am the assistant again, not a person. Your request stays in the list for clinicians.
clinician-away = { $name } has not been seen here for a while. I am the assistant again, not a person. Your request is back in the list for clinicians. I do not know when someone will see it.
clinician-closed = { $name } has ended this chat.
clinician-closed-unseen = { $name } has looked at your request and closed it.
clinician-advice = What they want you to know: { $advice }
handoff-recorded = I have put your wish to speak to a person in the list for clinicians. I do not know yet if anyone has seen it.
handoff-recorded-seen = I have added your wish to speak to a person to your case in the list for clinicians. Someone has marked your case as seen.
handoff-alternatives = If you cannot wait, call your doctor, or an urgent care line.
duty-now = Someone is marked as on duty now.
duty-next = Nobody is marked as on duty now. The next person is on duty from { $when }.
duty-nobody = Nobody is marked as on duty now.
duty-when = { $weekday ->
        [0] Monday
        [1] Tuesday
        [2] Wednesday
        [3] Thursday
        [4] Friday
        [5] Saturday
       *[6] Sunday
    } { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } at { $time }

# Said later, outside a turn, when it is on record: a channel has taken the message; nobody acknowledged it in time.
escalation-told = I have passed your request on to the clinicians’ team. I do not know yet if anyone has read it. Please do not wait for them if you get worse.
escalation-nobody-answered = I passed your request on, but nobody from the clinicians’ team has answered yet. It stays in their list. Please do not wait for them.
escalation-not-delivered = I have not been able to reach the clinicians’ team. Your request stays in their list, but I do not think that anyone has seen it. Please do not wait for them.
# To somebody who may be watched: the sentences above are then said when they write the next time.
nothing-unasked = I will not write to you first here, in case someone else looks. Write anything to hear what has happened with your request.
contact-question = If you like, leave a phone number, a name and where you are. It helps if someone needs to reach you. It is kept locked.
contact-why = So that a clinician could call you back or send help to the right place. You do not have to.
contact-question-watched = Which number is safe, and when? Leave one where nobody else answers or reads messages. It is kept locked.
safe-to-call-question = Before I ask for a phone number: is it safe for someone to call you? If another person may answer or listen, choose No.
safe-to-call-why = So that a call does not put you in danger.
contact-not-safe = Then I will not ask for a number, and I have noted that it may not be safe to call you. You can write here again when it is safe.
contact-kept-not-known-safe = I have kept that with your request, and noted that it may not be safe to call you.
contact-kept = Thank you. I have kept that with your request.
contact-kept-unread = Thank you. I have kept your words as they are, for the clinicians. I cannot read that language. If you wrote how you feel and it is bad, do not wait.
contact-not-found = I could not find a phone number, a name or a place in that, so I have not kept it. If you meant it as a way to reach you, write it again.
contact-skipped = That is fine.

safe-reply = I am sorry, part of my system is not working, so I could not read that properly. Please try again in a moment. Your message is kept.
safe-reply-going-on = I am sorry, part of my system is not working. I can still go on with my questions.
