// What makes it easier to use: larger text, reading aloud, articles inside, a way out; and the start of all.
const LARGER = 'careline-larger'
let isAloud = false

function toggle(button, on, act) {
  if (!button) return
  const set = (value) => { button.setAttribute('aria-pressed', value); act(value) }
  button.hidden = false
  button.addEventListener('click', () => set(button.getAttribute('aria-pressed') !== 'true'))
  if (on) set(true)
}

function readAloud(item) {
  if (!isAloud) return
  const spoken = new SpeechSynthesisUtterance(item.querySelector('.said').innerText)
  spoken.lang = item.lang || document.documentElement.lang
  if (item.matches('.emergency, .crisis')) speechSynthesis.cancel() // nothing is read out before it
  speechSynthesis.speak(spoken)
}

const tellHost = (what) => inFrame && parent.postMessage({ careline: what }, '*') // no word of the chat goes with it

function leave() {
  // The cookie of a frame goes only with an answer to the frame.
  fetch('/leave', { redirect: 'manual', keepalive: true }).catch(() => 0)
  if (isAloud) speechSynthesis.cancel()
  try { sessionStorage.clear() } catch {}
  if (inFrame) tellHost('leave')
  else location.replace('/leave')
}

let escapes = [], isExplaining = false
document.addEventListener('toggle', (event) => { if (event.target.popover) isExplaining = event.newState === 'open' }, true) // toggle does not bubble

function onEscape(event) {
  if (event.key !== 'Escape' || byId('sheet')?.open) return
  const now = Date.now()
  escapes = [...escapes.filter((at) => now - at < 2000), now]
  const way = byId('leave')
  if (way && !way.hidden) { if (escapes.length >= 3) leave() } else if (byId('menu')?.open) { byId('menu').open = false; byId('menu').firstElementChild.focus() } else if (!isExplaining) tellHost('close')
}

async function readArticle(link) {
  const answer = await fetch(link.href, { headers: headers() }).catch(() => null)
  if (!answer?.ok) return
  const article = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('article')
  const sheet = byId('sheet')
  const close = element('<form method="dialog"><button></button></form>').firstElementChild
  close.firstElementChild.textContent = page.close
  sheet.replaceChildren(close, article)
  sheet.onclose = () => link.focus()
  sheet.showModal()
  byId('sheet-title').focus()
}

document.addEventListener('keydown', onEscape)
document.addEventListener('click', (event) => {
  const again = event.target.closest('[data-change]')
  const link = event.target.closest('a.article')
  if (event.target.closest('#leave a')) { event.preventDefault(); leave() }
  if (page.page !== 'chat' || over) return
  if (again) { event.preventDefault(); change(again.dataset.change) }
  if (link && byId('sheet')) { event.preventDefault(); readArticle(link) }
})
document.addEventListener('change', (event) => {
  const box = event.target
  if (box.type !== 'checkbox' || !box.checked) return
  for (const other of box.form.querySelectorAll('input[type=checkbox]:checked')) {
    if (other !== box && ('alone' in box.dataset || 'alone' in other.dataset)) other.checked = false
  }
})
byId('print')?.addEventListener('click', () => print())
if (byId('print')) byId('print').hidden = false

// By the device's own way of sharing, or by its clipboard: the words go through nobody's hands, and into no address.
async function passOn(button) {
  const text = `${byId('title').textContent}\n${byId('summary').innerText}`
  try {
    if (navigator.share) return await navigator.share({ text })
  } catch (error) {
    if (error.name === 'AbortError') return // the patient closed the choice
  }
  try {
    await navigator.clipboard.writeText(text)
    show(statusLine, button.dataset.copied)
  } catch { print() } // a page of another site may forbid both
}
const share = byId('share')
if (share && (navigator.share || navigator.clipboard)) {
  share.textContent = navigator.share ? share.dataset.share : share.dataset.copy
  share.hidden = false
  share.addEventListener('click', () => passOn(share))
}

if ('wiped' in page) { try { sessionStorage.clear() } catch {} }
if (page.page === 'start') {
  const draft = kept.get(DRAFT)
  if (draft && !words.value) { words.value = draft; byId('carried').hidden = false }
  words.form.addEventListener('submit', () => kept.set(DRAFT, null))
}
if (page.page === 'chat') {
  toggle(byId('larger'), kept.get(LARGER), (on) => { document.documentElement.classList.toggle('larger', on); kept.set(LARGER, on || null) })
  if ('speechSynthesis' in window) toggle(byId('aloud'), false, (on) => { isAloud = on; if (!on) speechSynthesis.cancel() })
  let told = 0
  words.value ||= kept.get(DRAFT) || ''
  words.addEventListener('input', () => {
    kept.set(DRAFT, words.value || null)
    if (!page.clinician || Date.now() - told < 4000) return
    told = Date.now()
    fetch('/chat/typing', { method: 'POST', headers: headers() }).catch(() => 0)
  })
  words.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && matchMedia('(pointer: fine)').matches) { event.preventDefault(); composer.requestSubmit() }
  })
  const answers = [...document.querySelectorAll('.patient ~ .m')]
  const card = answers.slice(answers.findLastIndex((one) => one.matches('.patient')) + 1).find((one) => one.matches('.card'))
  const thanks = document.querySelector('#feedback > [role=status]')
  if (thanks) thanks.scrollIntoView({ block: 'center' })
  else if (card) look(card) // a card is read from its beginning
  else if (page.state !== 'consent') scrollTo(0, document.documentElement.scrollHeight)
  drawOutbox()
  pump()
  follow()
}
tellHost('ready')
