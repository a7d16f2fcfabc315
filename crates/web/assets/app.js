// Everything here only improves: each page works without it.
// Fetches go to addresses that the page gives in data attributes; answers are the JSON structs of
// src/page/filing.rs. No inline script, no framework, no personal data kept in the browser.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("on");
  const en = root.lang === "en";
  const t = (vi, other) => (en ? other : vi);
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const idOf = (name) => name.replaceAll(".", "-");
  const byId = (id) => document.getElementById(id);
  const csrf = () => one("input[name=csrf]")?.value ?? "";

  // Larger text, in place; the server is told, so that the next page has it too.
  one("[data-text-size]")?.addEventListener("click", (event) => {
    event.preventDefault();
    const link = event.currentTarget;
    fetch(link.href, { redirect: "manual" }).catch(() => {});
    const large = root.classList.toggle("large");
    link.href = link.href.replace(/=(lon|thuong)\b/, large ? "=thuong" : "=lon");
    [link.textContent, link.dataset.other] = [link.dataset.other, link.textContent];
  });

  // Faults: the summary takes the focus; its links lead into the box, not only to it.
  const summary = byId("faults");
  if (summary) summary.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".faults a[href^='#'], .inset a[href^='#']");
    if (link) enter(decodeURIComponent(link.hash.slice(1)), event);
  });
  function enter(id, event) {
    const target = byId(id);
    if (!target) return;
    const box = target.matches("input,select,textarea")
      ? target
      : one("input:not([type=hidden]),select,textarea", target);
    if (!box) return;
    event?.preventDefault();
    box.closest("details:not([open])")?.setAttribute("open", "");
    (box.closest(".field") ?? box).scrollIntoView({ block: "start" });
    box.focus({ preventScroll: true });
  }
  if (location.hash.length > 1 && !summary) enter(decodeURIComponent(location.hash.slice(1)));

  // A fault beside its field.
  function setFault(name, message) {
    const id = idOf(name);
    const note = byId(`${id}-error`);
    if (!note) return;
    const box = byId(id);
    const field = note.closest(".field");
    note.textContent = message;
    note.hidden = !message;
    if (en) note.lang = "vi"; // faults are said in Vietnamese
    field.classList.toggle("has-error", Boolean(message));
    const marked = field.matches("fieldset") ? field : box;
    if (!marked) return;
    const ids = new Set((marked.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
    if (message) {
      ids.add(note.id);
      marked.setAttribute("aria-invalid", "true");
    } else {
      ids.delete(note.id);
      marked.removeAttribute("aria-invalid");
    }
    if (ids.size) marked.setAttribute("aria-describedby", [...ids].join(" "));
    else marked.removeAttribute("aria-describedby");
  }

  // The session: a countdown, a warning two minutes before its end, a way to go on.
  const session = { seconds: Number(document.body.dataset.session), ends: 0, panel: null,
    over: false, leaving: false };
  const touchSession = () => {
    session.ends = Date.now() + session.seconds * 1000;
    session.panel?.remove();
    session.panel = null;
  };
  function warn(text, action) {
    if (!session.panel) {
      session.panel = document.createElement("div");
      session.panel.className = "session";
      session.panel.setAttribute("role", "alert");
      session.panel.append(document.createElement("p"), action);
      document.body.append(session.panel);
    }
    const line = one("p", session.panel);
    if (line.textContent !== text) line.textContent = text;
  }
  // The session is over, or another one was begun elsewhere. A form is sent as it stands: the server
  // carries it through the sign-in and back to this page.
  function sessionOver(text, isElsewhere = false) {
    session.seconds = 0;
    if (session.over) return;
    session.over = true;
    session.panel?.remove();
    session.panel = null;
    const form = one("form[data-autosave]");
    const way = document.createElement(form ? "button" : "a");
    way.className = "button primary";
    way.textContent = isElsewhere ? t("Lưu lại", "Save again") : t("Đăng nhập lại", "Sign in again");
    if (form) {
      way.addEventListener("click", () => {
        session.leaving = true;
        const stay = Object.assign(document.createElement("input"),
          { type: "hidden", name: "cap-nhat", value: "1" });
        form.append(stay);
        form.submit();
      });
      form.addEventListener("submit", () => (session.leaving = true));
      addEventListener("beforeunload", (event) => session.leaving || event.preventDefault());
    } else {
      way.href = `/dang-nhap?next=${encodeURIComponent(location.pathname + location.search)}`;
    }
    warn(text ?? t("Phiên làm việc đã hết. Những gì ông/bà đã nhập không mất.",
      "Your session has ended. What you typed is kept."), way);
  }
  // Did an answer say so?
  const isOver = (status, reply) => {
    if (status !== 401 && status !== 403) return false;
    sessionOver(reply?.detail, status === 403);
    return true;
  };
  if (session.seconds > 0) {
    touchSession();
    setInterval(() => {
      if (!session.seconds) return;
      const left = Math.round((session.ends - Date.now()) / 1000);
      if (left <= 0) return sessionOver();
      if (left > 120) return;
      const button = document.createElement("button");
      button.className = "primary";
      button.textContent = t("Tiếp tục làm việc", "Stay signed in");
      button.addEventListener("click", () => fetch("/tiep-can", { method: "HEAD" })
        .then((answer) => answer.ok && touchSession()).catch(() => {}));
      const minutes = Math.ceil(left / 60);
      warn(t(`Phiên làm việc sẽ hết sau chưa đầy ${minutes} phút nếu ông/bà không thao tác.`,
        `Your session ends in less than ${minutes} min unless you go on.`), button);
    }, 5000);
  }

  // Autosave: after a pause in typing, at once after a choice that steers other questions.
  const form = one("form[data-autosave]");
  if (form) {
    const status = all("[data-saved]");
    const touched = new Set();
    let timer = 0;
    let dirty = false;
    let running = false;
    const say = (text, bad = false) => {
      for (const line of status) {
        line.textContent = text;
        line.classList.toggle("late", bad);
      }
    };
    const body = () => {
      const data = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string") data.append(name, value);
      }
      return data;
    };
    const later = (wait) => {
      dirty = true;
      clearTimeout(timer);
      timer = setTimeout(save, wait);
    };
    async function save() {
      if (running) return later(500);
      running = true;
      dirty = false;
      try {
        const answer = await fetch(form.dataset.autosave, {
          method: "POST", body: body(), headers: { Accept: "application/json" },
        });
        const reply = await answer.json();
        if (isOver(answer.status, reply)) {
          dirty = true;
          return say(answer.status === 401
            ? t("Chưa lưu: phiên đã hết", "Not saved: the session has ended")
            : t("Chưa lưu", "Not saved"), true);
        }
        if (!answer.ok) throw new Error(String(answer.status));
        apply(reply);
        if (session.seconds) touchSession();
      } catch {
        say(t("Chưa lưu được, đang thử lại…", "Not saved yet, trying again…"), true);
        later(8000);
      } finally {
        running = false;
      }
    }
    function apply(reply) {
      say(reply.saved_at_text);
      const visible = new Set(reply.visible);
      const groups = new Set(reply.visible.filter((name) => name.includes("."))
        .map((name) => name.split(".")[0]));
      for (const field of all("[data-field]", form)) {
        const name = field.dataset.field;
        if (!name.includes(".") || (groups.has(name.split(".")[0]) && /\.\d+\./.test(name))) {
          field.hidden = !visible.has(name);
        }
      }
      for (const [name, text] of Object.entries(reply.computed ?? {})) {
        const shown = one(`[data-computed="${CSS.escape(name)}"]`, form);
        if (shown) shown.textContent = text || "–";
      }
      const faults = new Map(reply.problems.map((problem) => [problem.path, problem.message]));
      for (const name of touched) {
        const values = new FormData(form).getAll(name);
        const filled = values.some((value) => typeof value === "string" && value.trim());
        setFault(name, filled ? faults.get(name) ?? "" : "");
      }
    }
    form.addEventListener("input", (event) => {
      if (event.target.type !== "file") later(1500);
    });
    form.addEventListener("change", (event) => {
      if (event.target.type === "file") return;
      if (event.target.name) touched.add(event.target.name);
      later(event.target.hasAttribute("data-steers") ? 0 : 300);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      dirty = false;
    });
    // Leaving by a link: what was just typed is saved first.
    document.addEventListener("click", async (event) => {
      const link = event.target.closest("a[href]");
      if (!dirty || !link || link.target || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey || event.shiftKey || link.hash) return;
      event.preventDefault();
      clearTimeout(timer);
      await Promise.race([save(), new Promise((done) => setTimeout(done, 2000))]);
      location.assign(link.href);
    });
    addEventListener("pagehide", () => {
      if (dirty) navigator.sendBeacon(form.dataset.autosave, body());
    });

    // Rows of repeated groups.
    const renumber = (row, group, from, to) => {
      const pairs = [[`${group}.${from}.`, `${group}.${to}.`],
        [`${idOf(group)}-${from}-`, `${idOf(group)}-${to}-`]];
      for (const element of [row, ...all("*", row)]) {
        for (const attribute of element.attributes) {
          for (const [old, fresh] of pairs) {
            if (attribute.value.includes(old)) {
              attribute.value = attribute.value.replaceAll(old, fresh);
            }
          }
        }
      }
      const remove = one("[data-row-remove]", row);
      if (remove) remove.value = `${group}.${to}`;
    };
    const settle = (rows) => {
      const list = all(":scope > .row", rows);
      list.forEach((row, index) => {
        const from = one("[data-row-remove]", row).value.split(".").pop();
        if (from !== String(index)) renumber(row, rows.dataset.rows, from, index);
        for (const title of all(".row-title", row)) {
          title.textContent = `${rows.dataset.rowName} ${index + 1}`;
        }
      });
      const add = one(`[data-row-add="${CSS.escape(rows.dataset.rows)}"]`, form);
      if (add) add.hidden = list.length >= Number(rows.dataset.max);
    };
    form.addEventListener("click", (event) => {
      const add = event.target.closest("[data-row-add]");
      const remove = event.target.closest("[data-row-remove]");
      if (add) {
        const rows = one(`[data-rows="${CSS.escape(add.dataset.rowAdd)}"]`, form);
        const blank = rows && one(":scope > template", rows);
        if (!blank) return;
        event.preventDefault();
        const row = blank.content.firstElementChild.cloneNode(true);
        rows.insertBefore(row, blank);
        settle(rows);
        one("input:not([type=hidden]),select,textarea", row)?.focus();
        later(300);
      } else if (remove) {
        event.preventDefault();
        const rows = remove.closest("[data-rows]");
        remove.closest(".row").remove();
        settle(rows);
        one(`[data-row-add="${CSS.escape(rows.dataset.rows)}"]`, form)?.focus();
        later(0);
      }
    });

    // Files: one at a time, with progress; refused ones say why beside the field.
    const sendFile = (area, file) => new Promise((done) => {
      const line = one("[data-progress]", area);
      const bar = document.createElement("progress");
      bar.max = 100;
      line.textContent = t(`Đang tải lên ${file.name}`, `Uploading ${file.name}`);
      line.append(bar);
      bar.setAttribute("aria-label", line.textContent);
      const data = new FormData();
      data.append("csrf", csrf());
      data.append("field", area.dataset.name.replace(/^tep\./, ""));
      data.append(area.dataset.name, file);
      const request = new XMLHttpRequest();
      request.open("POST", area.dataset.upload);
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
      };
      request.onloadend = () => {
        line.textContent = "";
        let reply = null;
        try {
          reply = JSON.parse(request.responseText);
        } catch { /* not our answer: told below */ }
        if (isOver(request.status, reply)) return done({ problem: reply?.detail ?? request.statusText });
        done(reply && typeof reply.problem === "string" ? reply : {
          problem: t("Chưa tải lên được. Xin kiểm tra mạng rồi chọn lại tệp.",
            "Not uploaded. Check the network and choose the file again."),
        });
      };
      request.send(data);
    });
    const showFiles = (area, reply) => {
      const name = area.dataset.name.replace(/^tep\./, "");
      setFault(name, reply.problem ?? "");
      if (reply.problem) return;
      one("[data-files]", area).innerHTML = reply.html; // escaped by the server's template
      one("[data-picker]", area).hidden = !reply.has_room;
      one("[data-progress]", area).textContent = t("Đã tải lên.", "Uploaded.");
      if (session.seconds) touchSession();
      later(0);
    };
    form.addEventListener("change", async (event) => {
      const area = event.target.closest("[data-upload]");
      if (!area || event.target.type !== "file") return;
      const files = [...event.target.files];
      const most = Number(area.dataset.megabytes);
      for (const file of files) {
        const reply = file.size > most * 1e6
          ? { problem: t(`Tệp ${file.name} lớn hơn ${most} MB. Xin chụp lại nhỏ hơn hoặc tách tệp.`,
            `${file.name} is larger than ${most} MB. Take a smaller photo or split the file.`) }
          : await sendFile(area, file);
        showFiles(area, reply);
        if (reply.problem) break;
      }
      event.target.value = "";
    });
    form.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-remove]");
      if (!button) return;
      event.preventDefault();
      const area = button.closest("[data-upload]");
      try {
        const answer = await fetch(button.getAttribute("formaction"), {
          method: "POST",
          body: new URLSearchParams({ csrf: csrf() }),
          headers: { Accept: "application/json" },
        });
        const reply = await answer.json();
        if (isOver(answer.status, reply)) return;
        showFiles(area, reply);
        one("[data-progress]", area).textContent = t("Đã bỏ tệp.", "Removed.");
        one("input[type=file]", area)?.focus();
      } catch {
        form.requestSubmit(button);
      }
    });
  }

  // Communes of the chosen province.
  const communes = new Map();
  document.addEventListener("change", async (event) => {
    const list = event.target.dataset?.communes && byId(event.target.dataset.communes);
    if (!list) return;
    const province = event.target.value;
    const first = list.options[0];
    list.replaceChildren(first);
    list.value = "";
    if (!province) return void (first.textContent = t("Chọn tỉnh trước", "Choose the province first"));
    first.textContent = t("Đang tải…", "Loading…");
    try {
      if (!communes.has(province)) {
        const answer = await fetch(`/don-vi/${encodeURIComponent(province)}.json`);
        if (!answer.ok) throw new Error(String(answer.status));
        communes.set(province, await answer.json());
      }
      if (event.target.value !== province) return;
      for (const { code, name } of communes.get(province)) list.append(new Option(name, code));
      first.textContent = t("Chọn xã, phường", "Choose");
    } catch {
      first.textContent = t("Chưa tải được, chọn lại tỉnh", "Not loaded, choose the province again");
    }
  });

  // Dates typed without strokes, digits typed with spaces.
  document.addEventListener("focusout", (event) => {
    const box = event.target;
    const before = box.value;
    if (box.matches?.("[data-date]")) {
      box.value = box.value.trim().replace(/^(\d{2})(\d{2})(\d{4})$/, "$1/$2/$3")
        .replace(/^(\d{1,2})[-. ](\d{1,2})[-. ](\d{4})$/, "$1/$2/$3");
    } else if (box.matches?.("[data-digits]")) {
      box.value = box.value.replace(/[\s.]/g, "");
    }
    if (box.value !== before) box.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // A form sent twice is sent once.
  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (!sent.matches("[data-once]")) return;
    if (sent.dataset.sent) return event.preventDefault();
    sent.dataset.sent = "1";
    setTimeout(() => all("button", sent).forEach((button) => (button.disabled = true)), 0);
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const sent of all("form[data-sent]")) {
      delete sent.dataset.sent;
      all("button", sent).forEach((button) => (button.disabled = false));
    }
  });

  // Workbench: wordings often used, keyboard.
  document.addEventListener("click", (event) => {
    const phrase = event.target.closest?.("[data-phrase]");
    if (!phrase) return;
    const box = byId(phrase.dataset.phrase);
    box.value += (box.value && !box.value.endsWith("\n") ? "\n" : "") + phrase.textContent;
    box.focus();
  });
  const help = byId("keys");
  if (help) {
    const keysOn = one("[data-keys-on]", help);
    try {
      keysOn.checked = localStorage.getItem("phim_tat") !== "tat";
      keysOn.addEventListener("change", () =>
        localStorage.setItem("phim_tat", keysOn.checked ? "bat" : "tat"));
    } catch { /* no storage: the keys stay on */ }
    one("[data-keys-open]")?.addEventListener("click", () => help.showModal());
    const rows = all("[data-row]");
    let at = -1;
    const go = (step) => {
      if (!rows.length) return one(step > 0 ? "[data-next]" : "[data-prev]")?.click();
      rows[at]?.classList.remove("at");
      at = Math.min(Math.max(at + step, 0), rows.length - 1);
      rows[at].classList.add("at");
      const link = one("[data-open]", rows[at]);
      link?.focus({ preventScroll: true });
      rows[at].scrollIntoView({ block: "nearest" });
    };
    const keys = {
      j: () => go(1),
      k: () => go(-1),
      "/": () => (one("main [data-key-search]") ?? one("[data-key-search]"))?.focus(),
      u: () => {
        const list = one("[data-list]")?.dataset.list;
        if (list) location.assign(list);
      },
      "?": () => help.showModal(),
    };
    for (const row of rows) {
      row.addEventListener("focusin", () => {
        rows[at]?.classList.remove("at");
        at = rows.indexOf(row);
        row.classList.add("at");
      });
    }
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || help.open || !keysOn.checked) return;
      if (event.target.closest("input:not([type=checkbox]),select,textarea")) return;
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
  }
})();
