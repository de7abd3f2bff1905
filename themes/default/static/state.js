// What the page's scripts share: data scripts as they arrive, and the view's state in the address.
"use strict";
(() => {
  const runsite = (globalThis.runsite ??= {});
  const scripts = new Map();
  const payloads = new Map();
  const listeners = new Set();
  // Addresses of scripts that could not be loaded, and are not to be asked for at once.
  const lost = new Set();
  const PATIENCE = 30_000;
  let failures = 0;

  const place = (kind, key) => `${kind}\n${key}`;

  // Called by data scripts: hands over what they hold. Data that comes again replaces the old; a script that comes only
  // after a newer one of its address is not heard.
  function receive(kind, key, payload) {
    if (globalThis.document?.currentScript?.is_overtaken) return;
    payloads.set(place(kind, key), payload);
    for (const listener of listeners) listener(kind, key, payload);
  }

  // Tells of data as it arrives, also when it comes again.
  const listen = (listener) => listeners.add(listener);

  // Loads a classic script, once per address: a page opened from a file may not fetch. One that could not be loaded may be
  // there when it is asked for again; a page that is served live says when to.
  function load_script(url) {
    if (!scripts.has(url)) {
      scripts.set(url, attach(url).catch((problem) => {
        if (runsite.live) lost.add(url);
        else scripts.delete(url);
        document.dispatchEvent(new CustomEvent("runsite:lost"));
        throw Object.assign(problem, { is_lost: true });
      }));
    }
    return scripts.get(url);
  }

  // A browser that still waits for an address would let a second request wait for the same answer.
  const anew = (url) => (failures ? `${url}${url.includes("?") ? "&" : "?"}again=${failures}` : url);

  // Adds a script to the page. Where there is `patience`, one that takes longer is given up, and not heard if it comes.
  function attach(url, { patience = runsite.live && !url.includes("/assets/") ? PATIENCE : 0 } = {}) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      let waiting;
      const fail = () => {
        clearTimeout(waiting);
        failures += 1;
        script.is_overtaken = true;
        script.remove();
        reject(new Error(`${url} could not be loaded`));
      };
      script.src = patience ? anew(url) : url;
      script.onload = () => {
        clearTimeout(waiting);
        resolve(script);
      };
      script.onerror = fail;
      if (patience) waiting = setTimeout(fail, patience);
      document.head.append(script);
    });
  }

  // Lets what could not be loaded be asked for again.
  function forgive() {
    for (const url of lost) scripts.delete(url);
    lost.clear();
  }

  // Gives the payload of a data script, and loads the script if it has not arrived.
  async function load(kind, key, url) {
    if (!payloads.has(place(kind, key))) await load_script(url);
    if (!payloads.has(place(kind, key))) throw new Error(`${url} does not hold the ${kind} of ${key}`);
    return payloads.get(place(kind, key));
  }

  function decode(text) {
    try {
      return decodeURIComponent(text.replaceAll("+", " "));
    } catch {
      return text;
    }
  }

  // "#sort=-val%2Facc&x=1" -> Map {sort: "-val/acc", x: "1"}; of a name that comes twice the first counts.
  function parse_fragment(text) {
    const values = new Map();
    for (const part of text.replace(/^#/, "").split("&")) {
      const at = part.indexOf("=");
      const name = decode(at < 0 ? part : part.slice(0, at));
      if (name && !values.has(name)) values.set(name, at < 0 ? null : decode(part.slice(at + 1)));
    }
    return values;
  }

  // The other way; a value of null stands for a bare name, as in a link to a heading.
  function format_fragment(values) {
    const parts = [...values].map(([name, value]) =>
      encodeURIComponent(name) + (value === null ? "" : `=${encodeURIComponent(value)}`));
    return parts.length ? `#${parts.join("&")}` : "";
  }

  const fragment = {
    get: (name) => parse_fragment(location.hash).get(name) ?? null,
    set(name, value) { this.set_all([[name, value]]); },
    // Pairs [name, value]; what is empty leaves the address.
    set_all(pairs) {
      const values = parse_fragment(location.hash);
      for (const [name, value] of pairs) {
        if (value === null || value === undefined || value === "") values.delete(name);
        else values.set(name, String(value));
      }
      history.replaceState(history.state, "", format_fragment(values) || location.pathname + location.search);
    },
  };

  // Ids in a list for the address: a comma within one is escaped.
  const join_ids = (ids) => [...ids].map((id) => id.replaceAll("%", "%25").replaceAll(",", "%2C")).join(",");
  const split_ids = (text) => (text ? text.split(",").map((id) => id.replaceAll("%2C", ",").replaceAll("%25", "%")) : []);

  Object.assign(runsite, { join_ids, split_ids, receive, listen, load, load_script, attach, forgive, fragment, parse_fragment, format_fragment });
  if (typeof module !== "undefined") module.exports = { receive, load, parse_fragment, format_fragment, join_ids, split_ids };
})();
