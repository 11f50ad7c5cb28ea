// What htmx and plain HTML leave to be done: keys, where the eye and the focus go, other tabs.
// Everything works without this file.
(() => {
  "use strict";

  const page = () => document.getElementById("main");
  // The same words a second time are news as well, and need another sign to be read out again.
  const say = (words) => {
    const news = document.getElementById("news");
    if (news) news.textContent = news.textContent === words ? `${words}\u00a0` : words;
  };
  const wordsOf = (...elements) =>
    elements.map((element) => element?.textContent ?? "").join(" ").replace(/\s+/g, " ").trim();
  const problem = () => wordsOf(document.querySelector("#main .problem"));

  document.documentElement.classList.add("js");

  // --- other tabs: after a move, every tab of the story shows what the bookmark allows now

  const channel = "BroadcastChannel" in window ? new BroadcastChannel("plot-explorer") : null;

  const tell = () => {
    const { story, token } = page()?.dataset ?? {};
    if (story) channel?.postMessage({ story, token });
  };

  const address = () => location.pathname + location.search;

  // Counts what makes answers stale that were asked for before it.
  let changes = 0;

  const refresh = (heard = null) => {
    if (!window.htmx) return location.reload();
    const swap = "outerMorph show:none";
    window.htmx.ajax("GET", address(), { target: "#main", swap, heard, again: true });
  };

  channel?.addEventListener("message", ({ data }) => {
    const { story, token } = page()?.dataset ?? {};
    if (story !== data.story || token === data.token) return;
    changes += 1;
    refresh(data.token);
  });

  // A page out of the browser's memory may show more than the bookmark allows by now, so nobody
  // sees it before it is brought up to date; the swap takes the style off again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return tell();
    page()?.style.setProperty("visibility", "hidden");
    refresh();
  });

  const giveUp = (words) => {
    if (page()?.style.visibility === "hidden") location.reload();
    else say(words);
  };

  // Back asks for a page only where its entry in the history bears htmx's mark.
  const sign = () => {
    if (!history.state?.htmx) history.replaceState({ ...history.state, htmx: true }, "");
  };
  sign();
  window.addEventListener("hashchange", sign);

  // --- around a swap: what is stale, what failed

  let before = {};

  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    ctx.changes = changes;
    // A move has no address that could be gone back to; its answer may name another one.
    if (ctx.request.method === "POST") ctx.push = "false";
  });

  // The cards of the library come in by themselves, and nobody waits for them.
  const awaited = ({ target }) => target === document.body || target?.id === "main";

  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    const stale = ctx.changes !== changes;
    if (ctx.response?.status >= 500) {
      event.preventDefault();
      if (awaited(ctx)) giveUp("Something broke. Nothing was lost; try again in a moment.");
    } else if (ctx.request.method === "POST") {
      changes += 1;
    } else if (ctx.again && (stale || ctx.request.action !== address())) {
      event.preventDefault();
      refresh();
    } else if (awaited(ctx) && stale) {
      event.preventDefault();
      location.assign(ctx.request.action);
    }
    const { activeElement: focused } = document;
    before = {
      reached: page()?.dataset.reached,
      problem: problem(),
      control: ctx.sourceElement?.id,
      focused: focused !== null && focused !== document.body,
      fold: focused?.closest("details")?.id,
    };
  });

  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    if (ctx && !awaited(ctx)) return;
    giveUp("The library could not be reached. Nothing was lost; try again in a moment.");
  });

  // --- after a swap: focus, announcement, scroll

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (!awaited(ctx)) return;
    const { reached, token } = page()?.dataset ?? {};
    const posted = ctx.request.method === "POST";
    settle(posted && !problem());
    if (posted || (ctx.again && token !== ctx.heard)) tell();
    if (ctx.again) return keepFocus();
    const [, opened] = ctx.request.action.match(/\/scenes\/([a-z2-7]{12})\/(?:open|close)/) ?? [];
    if (posted && reached !== before.reached && arrive(`s-${reached}`, "start")) return;
    if (opened && arrive(`s-${opened}`, "nearest")) return;
    if (arrive(beside(), "start")) return;
    report(ctx, posted);
    keepFocus();
  });

  // A field that was touched keeps its value in spite of what the page says now.
  const settle = (emptied) => {
    const all = (selector) => document.querySelectorAll(`#main :is(${selector})`);
    for (const option of all("option")) option.selected = option.defaultSelected;
    for (const radio of all("[type=radio]")) radio.checked = radio.defaultChecked;
    if (!emptied) return;
    for (const field of all("input:not([type]), textarea")) field.value = field.defaultValue;
  };

  // Where a window of the scenes was changed, reading goes on at the end that it was left by.
  const beside = () => {
    const scenes = document.querySelectorAll("#main > .scenes > .scene");
    if (before.control === "earlier") return scenes[scenes.length - 1]?.id;
    if (before.control === "later") return scenes[0]?.id;
    return before.control === "latest" ? `s-${page().dataset.reached}` : null;
  };

  const arrive = (id, block) => {
    const scene = id && (document.getElementById(id) ?? document.querySelector("#main .single"));
    const heading = scene ? scene.querySelector("h1, h3, .veil-words") : null;
    if (!heading) return false;
    // Unfolded choices would lie over what is to be read now.
    document.getElementById("filter")?.removeAttribute("open");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    scene.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });
    if (!calm.matches) scene.animate({ opacity: [0.2, 1] }, { duration: 300, easing: "ease-out" });
    say(wordsOf(scene.querySelector(".meta"), heading));
    return true;
  };

  const report = (ctx, posted) => {
    const wrong = problem();
    // What is wrong now is an alert, which is read out by itself.
    if (wrong) return wrong === before.problem && say(wrong);
    const fold = ctx.sourceElement?.closest?.("details:not(#filter)");
    const shown = document.querySelectorAll("#main > .scenes > .scene").length;
    const count = posted || !document.getElementById("turn") ? "" : `Scenes shown: ${shown}. `;
    const standing = wordsOf(document.getElementById("standing")) || page()?.dataset.standing || "";
    const matter = document.getElementById("missing")?.firstChild ?? fold?.querySelector("p");
    const found = wordsOf(document.getElementById("found") ?? document.getElementById("asked"));
    say(found || count + (wordsOf(matter) || standing));
  };

  // The control that was used may be gone; the keyboard must not fall back to the page's top.
  const keepFocus = () => {
    const { activeElement: focused } = document;
    const lost = focused === null || focused === document.body || focused.matches(":disabled");
    if (!before.focused || !lost) return;
    const fold = before.fold ? `[id="${before.fold}"] summary` : "#next";
    const places = [fold, "#next", "#back", "#main h1"];
    const landing = places.map((place) => document.querySelector(place)).find((it) => it !== null);
    if (landing?.matches("h1")) landing.tabIndex = -1;
    landing?.focus({ preventScroll: true });
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
    "/": () => {
      const field = document.getElementById("q");
      field?.focus();
      field?.select();
      if (!field) document.getElementById("to-search")?.click();
    },
    "?": () => document.getElementById("keys")?.showModal(),
  };

  // Whoever dictates, or rests a hand on the keyboard, can do without keys of one letter.
  const useKeys = document.getElementById("use-keys");
  const remembered = (words) => {
    try {
      if (words) localStorage.setItem("keys", words);
      return localStorage.getItem("keys");
    } catch {
      return words; // A browser that keeps nothing for sites has the choice for this page.
    }
  };
  useKeys.checked = remembered() !== "off";
  useKeys.addEventListener("change", () => remembered(useKeys.checked ? "on" : "off"));
  document.getElementById("show-keys").addEventListener("click", keys["?"]);

  document.addEventListener("keydown", (event) => {
    if (!useKeys.checked) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (!(event.target instanceof Element) || typing(event.target)) return;
    if (document.getElementById("keys")?.open) return;
    if (event.shiftKey && !"?/".includes(event.key)) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // --- printing

  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-print]")) window.print();
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
