// What a page's scripts ask a browser for, given to them outside of one: an address, links relative to it, and data
// scripts. `runsite.load` asks Python for a script (figures/engine.py), which is run when it has been read.
"use strict";
(() => {
  const waiting = new Map();

  globalThis.location = { hash: "" };
  globalThis.document = { baseURI: "/" };

  // Of a site's own links: relative to a page, or from the site's root.
  globalThis.URL = class {
    constructor(address, base = "/") {
      if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(address)) throw new TypeError(`${address} lies outside of the site`);
      const [path] = address.split(/[?#]/);
      const parts = path.startsWith("/") ? [] : base.split("/").slice(1, -1);
      for (const part of path.split("/")) {
        if (part === "..") parts.pop();
        else if (part && part !== ".") parts.push(part);
      }
      this.href = `/${parts.join("/")}`;
    }
  };

  function load(kind, key, address) {
    const { href } = new URL(address, document.baseURI);
    if (!waiting.has(href)) {
      const asked = { is_told: false };
      asked.promise = new Promise((resolve, reject) => Object.assign(asked, { resolve, reject }));
      waiting.set(href, asked);
    }
    // The script has been run by then, and has handed over what it holds.
    return waiting.get(href).promise.then(() => runsite.load_received(kind, key, href));
  }

  // The scripts asked for since this was last called.
  function wanted_scripts() {
    const wanted = [...waiting].filter(([, { is_told }]) => !is_told);
    for (const [, asked] of wanted) asked.is_told = true;
    return wanted.map(([href]) => href);
  }

  const script_came = (href) => waiting.get(href).resolve();
  const script_failed = (href, problem) => waiting.get(href).reject(new Error(problem));

  // Called once the page's scripts are there: theirs would make elements of a document.
  function start_host({ path, hash }) {
    location.hash = hash;
    document.baseURI = path;
    runsite.load_received = runsite.load;
    runsite.load = load;
    // Of scripts that grew meanwhile: here each is read once.
    runsite.load_script = async () => {};
  }

  globalThis.figure_host = { start_host, wanted_scripts, script_came, script_failed };
})();
