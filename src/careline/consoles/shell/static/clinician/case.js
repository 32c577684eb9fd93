// A case: the newest message in sight, the title when it got worse, ready-made replies, and the focus back in the text after sending.
"use strict";
(() => {
  const chat = () => document.getElementById("chat");
  const isAtEnd = () => chat().scrollHeight - chat().scrollTop - chat().clientHeight < 60;
  let wasAtEnd = true;
  const toEnd = () => { chat().scrollTop = chat().scrollHeight; };
  if (!location.hash) toEnd();
  chat().addEventListener("scroll", () => { wasAtEnd = isAtEnd(); }, { passive: true });
  const title = document.title;
  const showLevel = () => {
    const level = document.querySelector("#head h1").dataset.level;
    document.getElementById("case-head").className = `case-head case--${level}`;
    const words = document.querySelector("#head .case__level").textContent;
    document.title = document.getElementById("worse") ? `(worse) ${title.replace(/^[^,]*/, words)}` : title;
  };
  document.addEventListener("htmx:after:swap", (event) => {
    showLevel();
    if (wasAtEnd) toEnd();
    if (event.target.id === "composer") document.getElementById("text")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target.id !== "take") return;
    const canned = document.getElementById("canned");
    if (!canned.value) return;
    const text = document.getElementById("text");
    const reply = document.querySelector("input[name=kind][value=reply]");
    if (reply) reply.checked = true;
    text.value = text.value.trim() ? `${text.value.trim()}\n${canned.value}` : canned.value;
    canned.value = "";
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  // A line of the note leads to a message: a reader of the screen and the keyboard go along.
  const showTarget = () => {
    const target = location.hash.startsWith("#m") && document.querySelector(location.hash);
    if (!target) return;
    target.setAttribute("tabindex", "-1");
    target.focus();
  };
  addEventListener("hashchange", showTarget);
  showTarget();
})();
