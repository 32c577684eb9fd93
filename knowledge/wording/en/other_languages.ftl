# A message in a language that Careline does not read: what is said in English, and one short sentence in the commonest others.
# The sentences in other languages were written for this project and have NOT been checked by speakers or clinicians (unreviewed).
# Each says: I can only read English; in an emergency call these numbers; I do not know what you wrote; if you can, write in English
# or ask someone to help you.

unread-message = I can only read English for now. I could not read your message, so I do not know if you need help fast.
unread-what-to-do = If you can, write in simple English, use the buttons, or ask someone to help you.
unread-handed-over = I have put your message in the list for clinicians. I do not know yet if anyone has seen it, so do not wait for them.
few-words-unread = I could not read this, so I do not know if you need help fast. If it is in English, please say it in other words.
other-problem-here = I have no questions of its own about this problem in your language. So I am more careful, and I have asked for a person to look.

unreadable-ar = أستطيع قراءة الإنجليزية فقط، ولم أفهم رسالتك. في حالة الطوارئ اتصل بـ: { $numbers }. إن استطعت فاكتب بالإنجليزية أو اطلب من شخص أن يساعدك.
unreadable-bn = আমি শুধু ইংরেজি পড়তে পারি, আপনার বার্তা বুঝতে পারিনি। জরুরি অবস্থায় এই নম্বরে ফোন করুন: { $numbers }। পারলে ইংরেজিতে লিখুন বা কারও সাহায্য নিন।
unreadable-de = Ich kann nur Englisch lesen und habe Ihre Nachricht nicht verstanden. Im Notfall rufen Sie an: { $numbers }. Schreiben Sie wenn möglich auf Englisch oder lassen Sie sich von jemandem helfen.
unreadable-es = Solo puedo leer inglés y no he entendido su mensaje. En una emergencia llame al: { $numbers }. Si puede, escriba en inglés o pida ayuda a alguien.
unreadable-fa = من فقط انگلیسی می‌خوانم و پیام شما را نفهمیدم. در وضعیت اضطراری با این شماره تماس بگیرید: { $numbers }. اگر می‌توانید به انگلیسی بنویسید یا از کسی کمک بگیرید.
unreadable-fr = Je ne lis que l'anglais et je n'ai pas compris votre message. En cas d'urgence, appelez le : { $numbers }. Si possible, écrivez en anglais ou demandez de l'aide à quelqu'un.
unreadable-hi = मैं सिर्फ़ अंग्रेज़ी पढ़ सकता हूँ, आपका संदेश समझ नहीं आया। आपात स्थिति में इस नंबर पर फ़ोन करें: { $numbers }। हो सके तो अंग्रेज़ी में लिखें या किसी की मदद लें।
unreadable-it = So leggere solo l'inglese e non ho capito il suo messaggio. In caso di emergenza chiami: { $numbers }. Se può, scriva in inglese o chieda aiuto a qualcuno.
unreadable-nl = Ik kan alleen Engels lezen en heb uw bericht niet begrepen. Bel in een noodgeval: { $numbers }. Schrijf als het kan in het Engels of vraag iemand om hulp.
unreadable-pl = Umiem czytać tylko po angielsku i nie zrozumiałem tej wiadomości. W nagłym wypadku proszę zadzwonić: { $numbers }. Jeśli to możliwe, proszę napisać po angielsku lub poprosić kogoś o pomoc.
unreadable-pt = Só consigo ler inglês e não entendi a sua mensagem. Numa emergência ligue: { $numbers }. Se puder, escreva em inglês ou peça ajuda a alguém.
unreadable-ro = Pot citi doar în engleză și nu am înțeles mesajul. În caz de urgență sunați la: { $numbers }. Dacă puteți, scrieți în engleză sau cereți ajutorul cuiva.
unreadable-ru = Я читаю только по-английски и не понял ваше сообщение. В экстренном случае звоните: { $numbers }. Если можете, напишите по-английски или попросите кого-нибудь помочь.
unreadable-tr = Sadece İngilizce okuyabiliyorum, mesajınızı anlayamadım. Acil durumda arayın: { $numbers }. Mümkünse İngilizce yazın veya birinden yardım isteyin.
unreadable-uk = Я читаю лише англійською і не зрозумів вашого повідомлення. У невідкладному випадку телефонуйте: { $numbers }. Якщо можете, напишіть англійською або попросіть когось допомогти.
unreadable-ur = میں صرف انگریزی پڑھ سکتا ہوں، آپ کا پیغام سمجھ نہیں آیا۔ ہنگامی صورت میں اس نمبر پر فون کریں: { $numbers }۔ ہو سکے تو انگریزی میں لکھیں یا کسی سے مدد لیں۔
unreadable-vi = Tôi chỉ đọc được tiếng Anh và không hiểu tin nhắn của bạn. Trong trường hợp khẩn cấp hãy gọi: { $numbers }. Nếu được, hãy viết bằng tiếng Anh hoặc nhờ ai đó giúp.
unreadable-zh = 我只能看懂英文，没有看懂您的信息。紧急情况请拨打：{ $numbers }。如果可以，请用英文写，或请人帮忙。
