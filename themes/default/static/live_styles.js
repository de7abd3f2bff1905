// Styles that changed while a page is open.
"use strict";
(() => {
  const live = ((globalThis.runsite ??= {}).live ??= {});

  // Paths of styles that changed and could not be loaded since.
  const owed = new Set();

  // Puts a style in the place of its old self once it is there, so that nothing is seen without.
  function swap_style(link, href) {
    return new Promise((resolve, reject) => {
      const fresh = Object.assign(link.cloneNode(), { href });
      fresh.onload = () => {
        link.remove();
        document.dispatchEvent(new CustomEvent("runsite:restyled"));
        resolve();
      };
      fresh.onerror = () => {
        fresh.remove();
        reject();
      };
      link.after(fresh);
    });
  }

  function swap_styles(path, { root, generation }) {
    const { pathname } = new URL(root + path, document.baseURI);
    const links = [...document.querySelectorAll('link[rel="stylesheet"]')].filter(({ href }) => new URL(href).pathname === pathname);
    return Promise.all(links.map((link) => swap_style(link, `${root}${path}?live=${generation}`)));
  }

  // Nobody waits for it: what is seen meanwhile is the old style.
  function renew_styles(paths, from) {
    const due = [...new Set([...owed, ...paths])];
    live.take_due(owed, due, (path) => swap_styles(path, from));
  }

  Object.assign(live, { renew_styles });
})();
