// What live pages share: whether what is shown is live, and the clocks of those who wait.
"use strict";
(() => {
  const SILENT_SECONDS = 45; // the server says something every 20: a line that is cut in silence is found as well
  const shown = document.getElementById("connection");
  const stream = document.getElementById("stream");
  let isConnected = false;
  let isFetched = true;
  let heard = Date.now();
  let since = null;
  let tried = Date.now();
  const clock = () => new Date().toISOString().slice(11, 16);
  const say = () => {
    const isLive = isConnected && isFetched && Date.now() - heard < SILENT_SECONDS * 1000;
    if (isLive) since = null;
    else since = since ?? clock();
    const text = isLive ? "Live" : `Reconnecting since ${since} UTC. What you see may be old.`;
    if (shown.textContent !== text) shown.textContent = text;
    shown.classList.toggle("live__state--on", isLive);
    shown.classList.toggle("live__state--off", !isLive);
  };
  const lost = () => { isConnected = false; say(); };
  shown.textContent = "Connecting";
  stream.addEventListener("htmx:sse:after:connection", () => { isConnected = true; heard = Date.now(); say(); });
  stream.addEventListener("htmx:sse:after:message", () => { isConnected = true; heard = Date.now(); say(); });
  stream.addEventListener("htmx:sse:error", (event) => {
    // Signed out, or no longer allowed: the page itself leads to the sign-in.
    if ([401, 403].includes(event.detail?.status)) window.location.reload();
    else lost();
  });
  stream.addEventListener("htmx:sse:close", lost);
  stream.addEventListener("htmx:sse:before:connection", (event) => {
    if (event.detail?.connection?.attempt > 0) lost();
  });
  // A stream that stands is worth nothing when the rows cannot be fetched.
  document.addEventListener("htmx:error", (event) => {
    if (event.target === stream) lost();
    else { isFetched = false; say(); }
  });
  document.addEventListener("htmx:after:swap", () => { isFetched = true; say(); });

  // The extension tries again when a stream breaks, but not when the first one never came about: that is done here.
  const connect = () => {
    if (isConnected || stream._htmx?.sse || Date.now() - tried < 10_000) return;
    tried = Date.now();
    htmx.ajax("GET", stream.getAttribute("hx-sse:connect"), { source: stream })?.catch?.(lost);
  };

  const two = (number) => String(number).padStart(2, "0");
  setInterval(() => {
    connect();
    if (shown.textContent !== "Connecting" || Date.now() - heard > 5000) say();
    for (const time of document.querySelectorAll("time[data-since]")) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(time.dataset.since)) / 1000));
      const hours = Math.floor(seconds / 3600);
      const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
      time.textContent = hours ? `${hours}:${rest}` : rest;
    }
  }, 1000);
})();
