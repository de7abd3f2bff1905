// The colours the reader chose, before the first pixel: the one script that is not deferred.
"use strict";
(() => {
  try {
    const chosen = localStorage.getItem("runsite-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden (file://, private windows); the system's colours then hold.
  }
})();
