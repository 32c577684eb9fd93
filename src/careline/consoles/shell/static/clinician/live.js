// What live pages share: whether the connection stands, and the clocks of those who wait.
"use strict";
(() => {
  const shown = document.getElementById("connection");
  const stream = document.getElementById("stream");
  let since = null;
  const clock = () => new Date().toISOString().slice(11, 16);
  const say = (text, isLive) => {
    if (shown.textContent !== text) shown.textContent = text;
    shown.classList.toggle("live__state--on", isLive);
    shown.classList.toggle("live__state--off", !isLive);
  };
  const lost = () => {
    since = since ?? clock();
    say(`Reconnecting since ${since} UTC. What you see may be old.`, false);
  };
  say("Connecting", false);
  stream.addEventListener("htmx:sse:after:connection", () => { since = null; say("Live", true); });
  stream.addEventListener("htmx:sse:error", (event) => {
    // Signed out, or no longer allowed: the page itself leads to the sign-in.
    if ([401, 403].includes(event.detail?.status)) window.location.reload();
    else lost();
  });
  stream.addEventListener("htmx:sse:close", lost);
  stream.addEventListener("htmx:error", lost);
  // Between two attempts nothing is connected: say so, as soon as an attempt is announced after a loss.
  stream.addEventListener("htmx:sse:before:connection", (event) => {
    if (event.detail?.connection?.attempt > 0) lost();
  });

  const two = (number) => String(number).padStart(2, "0");
  setInterval(() => {
    for (const time of document.querySelectorAll("time[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(time.dataset.since)) / 1000));
      const hours = Math.floor(seconds / 3600);
      const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
      time.textContent = hours ? `${hours}:${rest}` : rest;
    }
  }, 1000);
})();
