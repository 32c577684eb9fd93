// The page: what it shows of the conversation, and what is new put in its place.
const byId = (id) => document.getElementById(id)
const page = document.body.dataset
const inFrame = window.parent !== window
const reply = byId('reply'), composer = byId('composer'), words = byId('text'), statusLine = byId('status')
let last = Number(page.last || 0)

// What only this tab remembers; where the browser keeps nothing for a frame, it is memory alone.
const memory = {}
const kept = {
  get(name) {
    try { return JSON.parse(sessionStorage.getItem(name)) } catch { return memory[name] ?? null }
  },
  set(name, value) {
    memory[name] = value
    try { value === null ? sessionStorage.removeItem(name) : sessionStorage.setItem(name, JSON.stringify(value)) } catch {}
  },
}
const DRAFT = 'careline-draft'

function element(html) {
  const template = document.createElement('template')
  template.innerHTML = html.trim() // made on the server, where everything is escaped
  return template.content
}

function show(node, text) {
  node.hidden = !text
  if (node.textContent !== text) node.textContent = text
}

const headers = () => (page.session ? { 'X-Careline-Session': page.session } : {})
const address = (path, more = {}) => {
  const query = new URLSearchParams(page.query)
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  return `${path}?${query}`
}

function take(news) {
  let first = null, isNew = false
  for (const one of news.messages) {
    if (one.id <= last) continue
    last = one.id
    isNew = true
    const item = element(one.html).firstElementChild
    const card = item.matches('.emergency, .crisis') && item.querySelector('.said')
    if (card) card.setAttribute('role', 'alert') // once, as it comes; not when the page is read again
    byId('messages').append(item) // first: only of what is shown can be told what is folded away
    if (one.from === 'patient') arrived(item)
    else { first ??= item; readAloud(item) }
  }
  // What the stream brought before is left as it is: somebody may be in the middle of it.
  if (news.reply_id !== page.reply || isNew) putReply(news.reply, news.reply_id)
  page.state = news.state
  page.clinician = news.clinician
  page.lost = news.lost
  show(byId('waiting'), news.waiting)
  byId('leave').hidden = !news.quick_exit
  byId('feedback').hidden = !news.is_over
  if (byId('standing').innerHTML !== news.standing) byId('standing').innerHTML = news.standing
  if (first) look(first)
}

function putReply(html, id, focus = false) {
  const was = reply.contains(document.activeElement)
  page.reply = id
  reply.replaceChildren(element(html))
  composer.classList.toggle('after-card', !!reply.querySelector('[value="cannot_call"]'))
  // Only who was here is led to what is new here.
  if (was || focus) reply.focus({ preventScroll: true })
}

function look(item) {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  const whole = document.documentElement.scrollHeight - item.getBoundingClientRect().top - scrollY
  // All of it, if it fits; else from where it begins.
  if (whole <= innerHeight) scrollTo({ top: document.documentElement.scrollHeight, behavior: calm ? 'auto' : 'smooth' })
  else item.scrollIntoView({ block: 'start', behavior: calm ? 'auto' : 'smooth' })
}

async function change(number) {
  const answer = await fetch(address('/chat/reply', number ? { change: number } : {}), { headers: headers() }).catch(() => null)
  if (!answer?.ok) return
  putReply(await answer.text(), page.reply, true)
  reply.scrollIntoView({ block: 'nearest' })
}
