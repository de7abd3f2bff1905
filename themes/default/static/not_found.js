"use strict";
(() => {
  // A host shows this page at the address that was asked for; the site's root lies before the first of our folders.
  const link = document.getElementById("overview");
  const segments = location.pathname.split("/");
  const folders = link.dataset.folders.split(" ");
  const first = segments.findIndex((segment) => folders.includes(segment));
  const root = first < 0 ? segments.slice(0, -1) : segments.slice(0, first);
  link.href = [...root, link.getAttribute("href")].join("/");
})();
