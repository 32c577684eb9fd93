(() => {
  const c = __CONFIG__, me = document.currentScript, home = new URL(me.src).origin, asked = me.dataset.position, side = /^(left|right)$/.test(asked) ? asked : c.side
  const [open, title, close, unreachable, call] = c.words
  const make = (name, set, ...inside) => { const it = Object.assign(document.createElement(name), set); it.append(...inside); return it }
  const [before, after] = call.split('#')
  const first = make('p', {}, before)
  if (c.tel) first.append(make('a', { href: 'tel:' + c.tel, textContent: c.tel }), after)
  const host = make('div', { lang: c.lang, dir: 'auto' }), root = host.attachShadow({ mode: 'open' })
  const small = '(max-width:30rem),(max-height:30rem)' // there the panel covers the whole page
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`*{box-sizing:border-box}:host{all:initial}button,dialog{font:1rem/1.4 system-ui,sans-serif}
button{min-height:44px;min-width:44px;cursor:pointer;border:2px solid;border-radius:9px;padding:.5rem 1rem;font-weight:700;background:${c.back};color:${c.fore}}
button:focus-visible,h2:focus-visible,a:focus-visible{outline:3px solid #000;box-shadow:0 0 0 6px #fff;outline-offset:2px}
.l{position:fixed;bottom:1rem;${side}:1rem;z-index:99999}
dialog[open]{position:fixed;inset:auto;bottom:1rem;${side}:1rem;z-index:99999;width:24rem;max-width:none;height:min(40rem,95dvh);max-height:none;margin:0;padding:0;display:flex;flex-direction:column;background:#fff;color:#000;border:2px solid ${c.back};border-radius:.5rem;overflow:hidden}
[hidden]{display:none!important}header{display:flex;align-items:center;gap:.5rem;padding:.25rem .5rem}h2{flex:1;margin:0;font-size:1.1rem}p{margin:0;padding:.5rem;font-weight:700}a{padding:.9rem;margin:-.9rem}iframe{flex:1;border:0}
@media ${small}{dialog[open]{inset:0;width:auto;height:100dvh;border:0;border-radius:0}}`)
  root.adoptedStyleSheets = [sheet]
  const launcher = make('button', { className: 'l', textContent: open })
  const heading = make('h2', { id: 't', tabIndex: -1, textContent: title })
  const closer = make('button', { textContent: '\u2715', ariaLabel: close })
  const broken = make('p', { hidden: true, role: 'alert', textContent: unreachable })
  const panel = make('dialog', {}, make('header', {}, heading, closer), first, broken)
  panel.setAttribute('aria-labelledby', 't')
  launcher.setAttribute('aria-expanded', 'false')
  let frame, isReady
  const load = () => {
    if (frame) return
    frame = make('iframe', { title, src: `${home}/chat${c.query}`, referrerPolicy: 'origin', allow: 'web-share;clipboard-write' })
    if (home !== location.origin) frame.sandbox = 'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals allow-top-navigation-by-user-activation'
    panel.append(frame)
    setTimeout(() => { broken.hidden = isReady }, 12e3)
  }
  const show = (on) => {
    load()
    launcher.hidden = on
    launcher.setAttribute('aria-expanded', on)
    // What it covers cannot be reached by key either.
    if (!on) panel.close()
    else if (matchMedia(small).matches) panel.showModal()
    else panel.show()
    ;(on ? heading : launcher).focus()
  }
  launcher.onclick = () => show(true)
  launcher.onpointerenter = launcher.onfocus = () => load()
  closer.onclick = () => show(false)
  panel.oncancel = (e) => { e.preventDefault(); show(false) } // a phone's way back
  panel.onkeydown = (e) => { if (e.key === 'Escape') show(false) } // a value of false would stop every other key
  addEventListener('message', (e) => {
    if (e.origin !== home || !frame || e.source !== frame.contentWindow) return
    const what = e.data && e.data.careline
    if (what === 'ready') { isReady = true; first.hidden = broken.hidden = true }
    if (what === 'close' && panel.open) show(false)
    if (what === 'leave') location.replace(`${home}/leave`)
  })
  root.append(launcher, panel)
  const add = () => document.body.append(host)
  document.body ? add() : addEventListener('DOMContentLoaded', add)
})()
