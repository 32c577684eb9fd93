// The outbox: what the patient sends, one after the other, each once, whatever the network does.
const OUTBOX = `careline-outbox-${page.conversation}`
let outbox = kept.get(OUTBOX) || []
let busy = false, over = false, waits = 0, retry

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function keepOutbox() {
  kept.set(OUTBOX, outbox.length ? outbox : null)
  drawOutbox()
}

function drawOutbox() {
  const list = byId('outbox')
  list.hidden = !outbox.length
  list.replaceChildren(...outbox.filter((one) => !one.has_arrived).map((one) => {
    const item = element('<li class="m patient waits"><div class="said"><span class="hidden"></span><p></p><small></small></div></li>').firstElementChild
    item.querySelector('.hidden').textContent = page.said
    item.querySelector('p').textContent = one.shown
    item.querySelector('small').textContent = isOnline ? page.sending : page.notSent
    return item
  }))
}

function send(fields, shown, isCounted) {
  outbox.push({ fields: [...fields, ['key', newKey()]], shown, isCounted })
  keepOutbox()
  byId('outbox').lastElementChild?.scrollIntoView({ block: 'nearest' })
  pump()
}

// A message of the patient's came down the stream before the answer to its sending.
function arrived(item) {
  const text = item.querySelector('.said').textContent
  const same = outbox.find((one) => !one.has_arrived && (one.isCounted || text.includes(one.shown))) // the other side writes numbers its own way
  if (same) { same.has_arrived = true; keepOutbox(); sayHow() }
}

async function pump() {
  if (busy || over) return
  busy = true
  clearTimeout(retry)
  while (outbox.length && !over) {
    const one = outbox[0]
    const working = sayWorking(one)
    const answer = await fetch('/chat/send', {
      method: 'POST',
      headers: { ...headers(), 'X-Careline-Part': '1' },
      body: new URLSearchParams([...new URLSearchParams(page.query), ...one.fields, ['after', last]]),
      signal: AbortSignal.timeout(20000),
    }).catch(() => null)
    working()
    const news = answer && (answer.ok || answer.status === 422) ? await answer.json().catch(() => null) : null
    if (answer?.ok && news) {
      outbox.shift(); keepOutbox(); waits = 0; found(); take(news)
    } else if (answer?.status === 422 && news) {
      outbox.shift(); keepOutbox(); giveBack(one, news.error)
    } else if (answer && [401, 403, 404, 410].includes(answer.status)) {
      end(answer.status)
    } else if (answer && answer.status < 500 && answer.status !== 429 && !answer.ok) {
      outbox.shift(); keepOutbox(); giveBack(one, page.notTaken)
    } else {
      if (!answer) lost()
      // Kept, and tried again: a network error, too many at once, or a server that is not well.
      drawOutbox()
      retry = setTimeout(pump, Math.min(5000, 500 * 2 ** waits++))
      break
    }
  }
  busy = false
}

function giveBack(one, why) {
  const typed = one.fields.find(([name]) => name === 'text')
  if (typed && !words.value) words.value = typed[1]
  show(statusLine, why)
}

// Which of them is true: that it is on its way, or that it has arrived and is being answered.
let sayHow = () => 0
function sayWorking(one) {
  let words
  sayHow = () => words && isOnline && show(statusLine, words[one.has_arrived ? 1 : 0])
  const soon = setTimeout(() => { words = [page.sending, page.working]; sayHow() }, 500)
  const late = setTimeout(() => { words = [page.sendingLong, page.long]; sayHow() }, 8000)
  return () => { clearTimeout(soon); clearTimeout(late); sayHow = () => 0; show(statusLine, '') }
}

// The chat cannot go on: say so, and keep what was typed for the next.
function end(status) {
  over = true
  const unsent = outbox.flatMap((one) => one.fields.filter(([name]) => name === 'text').map(([, text]) => text))
  words.value = [...unsent, words.value].filter(Boolean).join('\n')
  kept.set(DRAFT, words.value || null)
  outbox = [] // nothing is on its way any more
  keepOutbox()
  const why = { 401: page.expired, 410: page.erased }[status] || page.unknown
  const box = byId('lost')
  show(box, `${why} `)
  const form = element(`<form method="post" action="/chat/new"><button class="main"></button></form>`).firstElementChild
  form.querySelector('button').textContent = page.newChat
  for (const [name, value] of new URLSearchParams(page.query)) form.append(element(`<input type="hidden" name="${name}">`).firstElementChild), form.lastElementChild.value = value
  box.append(form)
  reply.replaceChildren()
  box.scrollIntoView({ block: 'nearest' })
}

function shownAnswer(form, button) {
  if (button?.name) return button.name === 'text' ? button.value : button.textContent.trim()
  const ticked = [...form.querySelectorAll('input:checked')].map((one) => one.parentElement.textContent.trim())
  const day = form.querySelector('[type=date]')?.valueAsDate
  if (day) return day.toLocaleDateString(document.documentElement.lang, { dateStyle: 'long', timeZone: 'UTC' })
  const typed = form.querySelector('textarea, input:not([type])')
  return [typed?.value.trim(), ...ticked].filter(Boolean).join(form.matches('.number') ? ' ' : ', ')
}

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!form.matches('.answer')) return
  event.preventDefault()
  if (over) return byId('lost').querySelector('button').focus() // there is one way on
  const shown = shownAnswer(form, event.submitter)
  if (form.elements.today) form.elements.today.value = new Date().toLocaleDateString('sv') // 2026-11-29, where the patient is
  const isReply = reply.contains(form)
  if (!shown || (isReply && outbox.length)) { if (!shown) (form.querySelector('textarea, input:not([type=hidden])') || reply).focus(); return }
  const fields = [...new FormData(form, event.submitter)].filter(([name]) => !['key', 'site', 'session'].includes(name))
  if (isReply) reply.focus({ preventScroll: true })
  if (form === composer) { form.reset(); words.value = ''; kept.set(DRAFT, null) }
  byId('menu').open = false
  send(fields, shown, !!form.querySelector('#number, #since'))
})
