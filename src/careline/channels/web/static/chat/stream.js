// The stream: what comes from the other side, and whether there is a connection at all.
// Read by fetch, not EventSource: it can carry the session where cookies are blocked, shows why it was refused, and
// its pings are seen, so that a connection cut in silence is noticed.
const SILENT = 40000, SOON = 300, LASTED = 5000
let isOnline = true, cut = null, timer

function lost() {
  if (!isOnline || over) return
  isOnline = false
  show(byId('lost'), page.lost)
  drawOutbox()
}

function found() {
  if (isOnline) return
  isOnline = true
  show(byId('lost'), '')
  show(statusLine, page.back)
  setTimeout(() => statusLine.textContent === page.back && show(statusLine, ''), 5000)
  drawOutbox()
  pump()
}

function frame(text) {
  let name = '', data = ''
  for (const line of text.split('\n')) {
    if (line.startsWith('event:')) name = line.slice(6).trim()
    if (line.startsWith('data:')) data += line.slice(5).trim()
  }
  if (!data) return
  const told = JSON.parse(data)
  if (name === 'news') take(told)
  if (name === 'typing') show(statusLine, told.text)
  if (name === 'end' && told.reason !== 'closed') end(410)
  if (name === 'end') throw Object.assign(new Error('end'), { isEnd: true })
}

// Silence is an end too: before the answer has begun, and between its pings.
function watch(ended) {
  clearTimeout(timer)
  timer = setTimeout(() => ended.abort(), SILENT)
}

async function listen(answer, ended) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    watch(ended)
    const { value, done } = await reader.read()
    if (done) return
    const parts = (rest + value).replaceAll('\r\n', '\n').split('\n\n')
    rest = parts.pop()
    parts.forEach(frame)
  }
}

async function follow() {
  for (let tries = 0; !over; tries++) {
    const ended = new AbortController(), began = Date.now()
    cut = () => ended.abort()
    watch(ended)
    try {
      const answer = await fetch(address('/chat/events', { after: last }), { headers: headers(), signal: ended.signal })
      if ([401, 403, 404, 410].includes(answer.status)) return end(answer.status)
      if (!answer.ok) throw new Error('refused')
      found()
      await listen(answer, ended)
      if (Date.now() - began > LASTED) tries = 0
    } catch (error) {
      if (error.isEnd) return
      if (tries > 0) lost()
    }
    clearTimeout(timer)
    await new Promise((go) => { cut = go; setTimeout(go, Math.min(5000, SOON * 2 ** tries)) })
  }
}

addEventListener('offline', () => { cut?.(); lost() })
addEventListener('online', () => { cut?.(); pump() })
addEventListener('pagehide', () => cut?.())
addEventListener('pageshow', (event) => event.persisted && location.reload()) // from the way back: as it is now
