// The queue: holds the list still under pointer and focus, keys of the list, sound and title for emergencies.
"use strict";
(() => {
  const queue = document.getElementById("queue");
  const shown = document.getElementById("shown");
  const held = document.getElementById("held");
  const list = () => document.getElementById("cases");
  const rows = () => [...document.querySelectorAll("#cases > [data-shown]")];

  // ---- what this browser shows, and whether somebody points at it or has the focus in it ----
  let points = false;
  const note = () => {
    const there = rows();
    shown.value = there.map((row) => row.dataset.shown).join(" ") || "-";
    held.value = there.length && (points || list().contains(document.activeElement)) ? "yes" : "";
  };
  queue.addEventListener("pointermove", (event) => { points = list().contains(event.target); note(); });
  queue.addEventListener("pointerleave", () => { points = false; note(); });
  document.addEventListener("focusin", note);
  document.addEventListener("focusout", () => setTimeout(note));
  queue.addEventListener("click", (event) => {
    if (event.target.id !== "bring-in") return;
    event.preventDefault();
    held.value = "";
    htmx.trigger(queue, "bring-in");
  });

  // ---- emergencies: title and sound ----
  const title = document.title;
  let known = new Set(list().dataset.emergencies.split(" ").filter(Boolean));
  let alarm = "";
  const look = () => {
    const now = new Set(list().dataset.emergencies.split(" ").filter(Boolean));
    const isNew = [...now].some((id) => !known.has(id));
    const said = list().dataset.alarm;
    if (isNew || (said && said !== alarm)) ring();
    known = new Set([...known, ...now]);
    alarm = said;
    document.title = now.size || said ? `(${now.size || 1} emergency) ${title}` : title;
  };

  const button = document.getElementById("sound");
  const key = "careline-sound";  // a wish of this browser's, nothing about a patient
  let wanted = false;
  let audio = null;
  try { wanted = localStorage.getItem(key) === "on"; } catch { /* no storage: it is asked again each time */ }
  const isOn = () => wanted && audio !== null && audio.state === "running";
  const showSound = () => {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isOn()));
    button.textContent = isOn() ? "Sound for emergencies: on" : "Sound for emergencies: off";
  };
  const start = async () => {
    try {
      audio = audio ?? new AudioContext();
      await audio.resume();
    } catch { audio = null; }
    showSound();
  };
  const ring = () => {
    if (!isOn()) return;
    for (const [after, pitch] of [[0, 880], [0.22, 660], [0.44, 880]]) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const at = audio.currentTime + after;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.21);
    }
    button.dataset.rung = String(Number(button.dataset.rung ?? 0) + 1);
  };
  button.addEventListener("click", async () => {
    wanted = !isOn();
    try { localStorage.setItem(key, wanted ? "on" : "off"); } catch { /* as above */ }
    if (wanted) { await start(); ring(); } else { showSound(); }
  });
  // Browsers let a page sound only after somebody has touched it.
  if (wanted) for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, start, { once: true });
  showSound();

  document.addEventListener("htmx:after:swap", () => { note(); look(); });
  note();
  look();

  // ---- keys, only while the focus is in the list (WCAG 2.1.4) ----
  const links = () => [...document.querySelectorAll("#cases .case__link")];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !list().contains(document.activeElement)) return;
    const row = document.activeElement.closest("li");
    const link = row?.querySelector(".case__link");
    const place = links().indexOf(link);
    const does = {
      j: () => links()[Math.min(place + 1, links().length - 1)]?.focus(),
      k: () => links()[Math.max(place - 1, 0)]?.focus(),
      o: () => link?.click(),
      c: () => row?.querySelector(".case__claim button")?.click(),
      "?": () => document.getElementById("keys").showModal(),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });
})();
