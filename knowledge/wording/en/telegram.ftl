# What Careline says on Telegram besides the consultation itself. Plain words, reading age about 11.
# Lines `telegram-command-…` are in the bot's list of commands: at most 60 characters.

telegram-language-name = English

telegram-command-start = Begin, or go on where we were
telegram-command-emergency = Phone numbers for an emergency
telegram-command-human = Ask for a clinician
telegram-command-summary = What I know so far
telegram-command-cancel = Drop my answers and begin again
telegram-command-stop = End this chat
telegram-command-language = Choose the language
telegram-command-link = Go on with this chat somewhere else
telegram-command-privacy = Who can read what I write
telegram-command-export = Get a copy of everything that is kept
telegram-command-delete = Erase everything
telegram-command-help = What this bot can do

# What a command says in the patient's place. Four words or more, so that none is taken for a short answer.
telegram-says-human = I would like to talk to a clinician
telegram-says-summary = Please show me the summary
telegram-says-cancel = Please drop my answers and begin again
telegram-says-stop = Please close this chat now

telegram-help = I ask about your health problem and say how soon to get help and where. Just write what is wrong, in your own words. Press a button or write to answer. To change an answer, press its button again or edit your message. If you may be in danger, do not wait for me: call the emergency number. You can also use these:
telegram-emergency = If someone may be in danger, do not wait for me.
telegram-human-first = I can put your wish to speak to a person in the list for clinicians once you agree that what you write is kept. Press “I agree” first, then send /human again. If you cannot wait, use these numbers.
telegram-agree-first = First please tell me if you agree.
telegram-nothing-yet = There is nothing here yet. Write what is wrong, or send /start.
telegram-with-clinician = A clinician is in this chat now. What you write goes to them.
telegram-with-clinician-not-now = I cannot do that now, because a clinician is in this chat. What you write goes to them. You can ask them to end the chat.
telegram-going-on = We are in the middle of your questions. To begin again, send /cancel.
telegram-clinician = { $name } ({ $role }):

telegram-privacy = What you write is kept, locked, by { $operator }. It is used to help you, and a clinician may read it. It is erased by itself after some time, or at once when you send /delete. With /export you get a copy of it.
    Chats with bots on Telegram are not end-to-end encrypted. Telegram could read them, and so could anyone who uses your phone. Do not write here what they must not see.
telegram-export = Everything that is kept of this chat. Take care who can read this file.
telegram-delete-sure = Shall I erase everything that is kept of this chat? This cannot be undone. If you asked for a clinician, they still see that you did, but not your words.
telegram-deleted = I have erased what you wrote. I also asked Telegram to delete the newer messages of this chat. Older ones may still be here: you can delete the chat itself in Telegram. If you need help, write to me again.
telegram-kept = I have kept everything as it is.

telegram-language-which = Which language would you like?
telegram-language-set = I will use English. Some of what I show may be in another language.

telegram-link = To go on somewhere else, enter this code there within 15 minutes: { $code }
    Do not show it to anyone: whoever has it can read this chat.
telegram-resumed = We go on here with your chat.
telegram-code-unknown = That code is not good, or no longer. Please ask for a new one where you began. You can also begin here: just write what is wrong.
telegram-article = You came from the page “{ $title }”: { $url }

telegram-got-photo = I cannot look at pictures. Please tell me in words what is wrong. If you may be in danger, call the emergency number.
telegram-got-video = I cannot watch videos. Please tell me in words what is wrong. If you may be in danger, call the emergency number.
telegram-got-voice = I cannot listen to voice messages. Please write what is wrong. If you cannot write and may be in danger, call the emergency number.
telegram-got-sticker = I cannot read stickers. Please write a few words, or press a button.
telegram-got-document = I cannot open files. Please tell me in words what is wrong.
telegram-got-location = I cannot see where you are on a map, and I have not kept it. Nobody is on the way to you because of it. If you need help where you are, call:
telegram-got-contact = I have not kept that phone number. If you want to leave a number for a clinician, send /human first.
telegram-got-something = I cannot read that. Please tell me in words what is wrong, or press a button.
telegram-empty = I found no words in that. Please write a few words, or press a button.
telegram-edit-taken = I see that you changed a message. I have read the new words. What was said before is not lost.
telegram-sent-again = You may have this message already.
telegram-wait = You have sent many messages in a short time. I look through each one for signs of danger as soon as it comes. I answer the rest in order, and that may take some minutes. Nothing is lost, so there is no need to send anything again.
telegram-slow = This takes longer than usual. I have your message, and you do not need to send it again. If someone may be in danger, do not wait for me.

telegram-button-done = Done
telegram-button-chosen = ✓ { $chosen }
telegram-button-change = ✓ { $chosen } (change)
telegram-button-delete = Yes, erase everything
telegram-button-keep = No, keep it
telegram-button-over = That button is from earlier and does nothing any more.
telegram-answered-already = You have answered that already.
telegram-choose-first = Choose at least one line first, then press Done.

telegram-group = I only talk in private chats, so that others cannot read about your health. Nothing from this group was kept. Please open a chat with me alone. In an emergency call your local emergency number.

telegram-check-in-offer = Shall I ask you later how you are? I write here once, and not at night. You can stop that with /stop.
telegram-check-in-will = I will ask you here in about { $hours } hours, or in the morning if that is at night. If you get worse before then, do not wait for me.
telegram-check-in-not = I will not write by myself. You can write here at any time.
telegram-check-in = How are you now?
telegram-button-better = Better
telegram-button-same = The same
telegram-button-worse = Worse
telegram-check-in-over = Please tell me in your own words how you are now.
