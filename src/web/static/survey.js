// Reading aloud: recordings at the chosen speed; else where the browser has a voice of the page's language. Everything else
// works without this file.
(function () {
  "use strict";
  Array.prototype.forEach.call(document.querySelectorAll("audio[data-speed]"), function (audio) {
    // Loading sets the rate to the default, so both are set.
    audio.defaultPlaybackRate = audio.playbackRate = { slow: 0.75, normal: 1, fast: 1.3 }[audio.dataset.speed] || 1;
  });

  var button = document.querySelector("[data-listen]");
  if (!button || !window.speechSynthesis || !window.SpeechSynthesisUtterance) return;
  var language = document.documentElement.lang;
  var words = button.textContent;
  var rate = { slow: 0.7, normal: 0.95, fast: 1.3 }[button.dataset.speed] || 0.95;
  var reading = 0;

  // Only a voice of this very language: Welsh is never read by an English voice.
  function voice() {
    var own = speechSynthesis.getVoices().filter(function (v) { return v.lang.toLowerCase().split(/[-_]/)[0] === language; });
    return own.filter(function (v) { return /GB/i.test(v.lang); })[0] || own[0];
  }
  function show() { if (voice()) button.hidden = false; }
  show();
  if (speechSynthesis.addEventListener) speechSynthesis.addEventListener("voiceschanged", show);

  // What is read, in the order of the page: headings, text, answers.
  function parts() {
    var found = document.querySelectorAll("main h1, main h2, main p, main .card, main dt, main dd.said, main .main");
    return Array.prototype.filter.call(found, function (e) { return e.offsetParent !== null && e.textContent.trim(); });
  }
  function stop() {
    reading += 1;
    speechSynthesis.cancel();
    button.textContent = words;
    button.setAttribute("aria-pressed", "false");
    var marked = document.querySelector(".is-read");
    if (marked) marked.classList.remove("is-read");
  }
  function read(list, run) {
    if (run !== reading) return;
    var marked = document.querySelector(".is-read");
    if (marked) marked.classList.remove("is-read");
    if (!list.length) return stop();
    var part = list[0];
    var said = new SpeechSynthesisUtterance(part.textContent.trim().replace(/\s+/g, " "));
    said.voice = voice();
    said.lang = said.voice.lang;
    said.rate = rate;
    said.onend = said.onerror = function () { read(list.slice(1), run); };
    part.classList.add("is-read");
    speechSynthesis.speak(said);
  }
  button.addEventListener("click", function () {
    if (button.getAttribute("aria-pressed") === "true") return stop();
    reading += 1;
    speechSynthesis.cancel();
    button.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
    read(parts(), reading);
  });
  window.addEventListener("pagehide", function () { speechSynthesis.cancel(); });
})();
