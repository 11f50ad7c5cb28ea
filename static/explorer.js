// What htmx and plain HTML leave to be done: keys, where the eye and the focus go, other tabs.
// Everything works without this file.
(() => {
  "use strict";

  const page = () => document.getElementById("main");
  const say = (words) => {
    const news = document.getElementById("news");
    if (news) news.textContent = words;
  };
  const textOf = (id) => document.getElementById(id)?.textContent.replace(/\s+/g, " ").trim() ?? "";

  document.documentElement.classList.add("js");

  // --- other tabs: after a move, every tab of the story shows what the bookmark allows now

  const channel = "BroadcastChannel" in window ? new BroadcastChannel("plot-explorer") : null;

  const tell = () => {
    const { story, token } = page()?.dataset ?? {};
    if (story) channel?.postMessage({ story, token });
  };

  const refresh = () => {
    if (window.htmx) {
      const place = location.pathname + location.search;
      window.htmx.ajax("GET", place, { target: "#main", swap: "outerMorph show:none" });
    } else {
      location.reload();
    }
  };

  channel?.addEventListener("message", ({ data }) => {
    const { story, token } = page()?.dataset ?? {};
    if (story === data.story && token !== data.token) refresh();
  });

  // A page out of the browser's memory may show more than the bookmark allows by now.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) refresh();
    else tell();
  });

  // --- after a swap: focus, announcement, scroll

  let before = null;

  document.addEventListener("htmx:before:swap", ({ detail }) => {
    const { ctx } = detail;
    before = { reached: page()?.dataset.reached, address: location.href };
    if (ctx.response && ctx.response.status >= 500) {
      detail.tasks.length = 0;
      say("Something broke. Nothing was lost; try again in a moment.");
    }
  });

  document.addEventListener("htmx:error", () => {
    say("The library could not be reached. Nothing was lost; try again in a moment.");
  });

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  document.addEventListener("htmx:after:swap", ({ detail }) => {
    const reached = page()?.dataset.reached;
    const method = detail.ctx.request?.method;
    if (method === "POST") {
      tell();
      if (before && reached !== before.reached) return arrive(reached);
      say(document.querySelector(".problem")?.textContent ?? textOf("standing"));
    } else if (detail.ctx.target === page() || detail.ctx.target?.id === "main") {
      say(textOf("standing"));
    }
    keepFocus();
  });

  const arrive = (reached) => {
    const scene = reached ? document.getElementById(`s-${reached}`) : null;
    const heading = scene?.querySelector("h3, .veil-words");
    if (!heading) {
      say(textOf("missing") || textOf("standing"));
      return keepFocus();
    }
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    scene.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
    say(`${scene.querySelector(".meta").textContent} ${heading.textContent}`.replace(/\s+/g, " ").trim());
  };

  // The control that was used may be gone; the keyboard must not fall back to the page's top.
  const keepFocus = () => {
    if (document.activeElement === document.body || document.activeElement === null) {
      const landing = document.querySelector("#next, #back, #main h1");
      if (landing && !landing.matches("button, a")) landing.tabIndex = -1;
      landing?.focus({ preventScroll: true });
    }
  };

  // --- keys

  const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

  const keys = {
    n: () => document.getElementById("next")?.click(),
    ArrowRight: () => document.getElementById("next")?.click(),
    b: () => document.getElementById("back")?.click(),
    ArrowLeft: () => document.getElementById("back")?.click(),
    f: () => {
      const filter = document.getElementById("filter");
      if (!filter) return;
      filter.open = !filter.open;
      filter.querySelector("summary").focus();
    },
    "?": () => document.getElementById("keys")?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (!(event.target instanceof Element) || typing(event.target)) return;
    if (document.getElementById("keys")?.open) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // --- copying

  document.addEventListener("click", async ({ target }) => {
    const button = target instanceof Element ? target.closest(".copy") : null;
    if (!button) return;
    const { copy, copyText } = button.dataset;
    const words = copy ? new URL(copy, location.href).href : document.getElementById(copyText)?.textContent;
    try {
      await navigator.clipboard.writeText(words);
      say("Copied.");
      button.classList.add("done");
    } catch {
      say("Your browser did not let this page copy. Select it and copy it yourself.");
    }
  });
})();
