// Checks the signed QR of a paper in the browser, with the keys in the page, asking no server.
// The bytes: docs/decisions/0005-verifiable-qr.md. The form below it still asks the server, which
// alone knows whether the entry has changed since. The text behind `#` in the address never
// leaves this machine.
"use strict";
(() => {
  const place = document.getElementById("local");
  const box = document.getElementById("payload");
  if (!place || !box || !globalThis.crypto?.subtle) return;
  const en = document.documentElement.lang === "en";
  const t = (vi, other) => (en ? other : vi);
  const parse = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  };
  const keys = new Map((parse(place.dataset.keys)?.keys ?? []).map((key) => [key.kid, key]));
  const labels = parse(place.dataset.labels) ?? {};
  if (!keys.size) return;

  const PURPOSE = new TextEncoder().encode("tuphap-qr-1\n");
  const VERSION = 1;
  const SIGNATURE = 64;
  class Refused extends Error {}
  const malformed = () => new Refused(t(
    "Mã QR này không đúng định dạng. Vui lòng quét lại toàn bộ mã trên giấy tờ.",
    "This is not a code of ours, or only a part of one. Please scan the whole code again."));

  function bytesOf(text) {
    if (!/^[A-Za-z0-9_-]+$/.test(text)) throw malformed();
    let raw;
    try {
      raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    } catch {
      throw malformed();
    }
    const bytes = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
    // One text for each sequence of bytes: stray bits at the end are refused.
    const again = btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    if (again !== text) throw malformed();
    return bytes;
  }

  function read(body) {
    let at = 0;
    const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const take = (count) => {
      if (at + count > body.length) throw malformed();
      return body.subarray(at, (at += count));
    };
    const number = () => {
      let value = 0n;
      for (let shift = 0n; shift < 64n; shift += 7n) {
        const byte = take(1)[0];
        value |= BigInt(byte & 0x7f) << shift;
        if (byte < 0x80) {
          if (value >> 64n || (byte === 0 && shift > 0n)) throw malformed();
          return value;
        }
      }
      throw malformed();
    };
    const text = () => {
      const length = number();
      if (length > 1000n) throw malformed();
      try {
        return utf8.decode(take(Number(length)));
      } catch {
        throw malformed();
      }
    };
    const version = take(1)[0];
    if (version !== VERSION) {
      throw new Refused(t("Mã QR này thuộc phiên bản mới hơn. Vui lòng tải lại trang rồi quét lại.",
        "This code is of a newer version. Please load the page again, then scan again."));
    }
    const found = { key: [...take(4)].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
    found.document = number();
    found.register = text();
    for (const name of ["number", "book", "year"]) found[name] = number();
    found.unit = text();
    found.entryVersion = number();
    const days = number();
    if (days > 100000n) throw malformed();
    found.issued = new Date(Number(days) * 86400000).toISOString().slice(0, 10);
    const count = number();
    if (count > 40n) throw malformed();
    found.fields = Array.from({ length: Number(count) }, () => [text(), text()]);
    if (at !== body.length) throw malformed();
    return found;
  }

  async function check(input) {
    const text = input.trim().split("#").pop();
    const bytes = bytesOf(text);
    if (bytes.length <= SIGNATURE) throw malformed();
    const body = bytes.subarray(0, -SIGNATURE);
    const found = read(body);
    const key = keys.get(found.key);
    if (!key) {
      throw new Refused(t(
        "Không nhận ra cơ quan đã ký mã QR này. Vui lòng liên hệ cơ quan ghi trên giấy tờ để xác nhận.",
        "The agency that signed this code is not known here. Please ask the agency named on the paper."));
    }
    const { kty, crv, x, y } = key;
    const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
    const known = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, algorithm, false, ["verify"]);
    const signed = new Uint8Array(PURPOSE.length + body.length);
    signed.set(PURPOSE);
    signed.set(body, PURPOSE.length);
    if (!(await crypto.subtle.verify(algorithm, known, bytes.subarray(-SIGNATURE), signed))) {
      throw new Refused(t(
        "Mã QR không hợp lệ: nội dung đã bị sửa hoặc không do cơ quan có thẩm quyền ký. Không sử dụng giấy tờ này; vui lòng liên hệ cơ quan ghi trên giấy tờ.",
        "The code is false: it was changed, or the agency did not sign it. Do not rely on this paper; please ask the agency named on it."));
    }
    if (found.issued < key.from || found.issued > key.until) {
      throw new Refused(t(
        "Khóa ký mã QR không có hiệu lực vào ngày cấp ghi trong mã. Vui lòng liên hệ cơ quan ghi trên giấy tờ để xác nhận.",
        "The signing key was not in use on the day of issue. Please ask the agency named on the paper."));
    }
    return { ...found, agency: key.name };
  }

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  function show(tone, heading, text, facts = []) {
    const verdict = element("div", "", `inset ${tone}`);
    verdict.append(element("h2", heading), element("p", text));
    const shown = [verdict];
    if (facts.length) {
      const section = element("div", "", "answers");
      const list = element("dl");
      for (const [label, value] of facts) {
        const row = element("div");
        row.append(element("dt", label), element("dd", value || "–"));
        list.append(row);
      }
      section.append(element("p", t("So những điều dưới đây với giấy ông/bà đang cầm.",
        "Compare this with the paper in your hand."), "help"), list);
      shown.push(section);
    }
    place.replaceChildren(...shown);
  }

  let latest = 0;
  async function run(text) {
    if (!text.trim()) return place.replaceChildren();
    const turn = ++latest;
    try {
      const found = await check(text);
      if (turn !== latest) return;
      const names = labels[found.register] ?? {};
      const day = found.issued.split("-").reverse().join("/");
      const number = `${found.number}/${found.year}`
        + (found.book ? t(`, quyển ${found.book}`, `, book ${found.book}`) : "");
      show("done", t("Chữ ký đúng, nội dung không bị sửa", "Genuine: signed and unchanged"),
        t("Đã kiểm tra ngay trên máy này, không hỏi máy chủ nào. Bấm “Kiểm tra” để hỏi thêm sổ xem nội dung còn hiện hành.",
          "Checked on this device, asking no server. Press “Check” to ask the register whether it is still current."),
        [[t("Ký bởi", "Signed by"), found.agency], [t("Loại giấy", "Paper"), names._ ?? found.register],
          [t("Số", "Number"), number], [t("Ngày cấp", "Issued on"), day],
          ...found.fields.map(([id, value]) => [names[id] ?? id, value])]);
    } catch (error) {
      if (turn !== latest) return;
      if (!(error instanceof Refused)) return place.replaceChildren();
      show("late", t("Chưa xác nhận được", "Not confirmed"), error.message);
    }
  }

  let timer = 0;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => run(box.value), 400);
  });
  const fromAddress = () => {
    const text = location.hash.slice(1);
    if (text.length < 80) return;
    box.value = text;
    run(text);
  };
  addEventListener("hashchange", fromAddress);
  fromAddress();

  // The camera, where the browser itself can read codes.
  const scan = document.querySelector("[data-scan]");
  if (!scan || !("BarcodeDetector" in globalThis) || !navigator.mediaDevices) return;
  BarcodeDetector.getSupportedFormats().then((formats) => {
    scan.hidden = !formats.includes("qr_code");
  }).catch(() => {});
  const video = scan.querySelector("video");
  scan.querySelector("[data-camera]").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      show("attention", t("Chưa mở được máy ảnh", "The camera could not be opened"),
        t("Hãy cho phép trang dùng máy ảnh, hoặc quét bằng ứng dụng khác rồi dán nội dung.",
          "Allow the page to use the camera, or scan with another app and paste the text."));
      return;
    }
    button.hidden = true;
    video.hidden = false;
    video.srcObject = stream;
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const stop = () => {
      stream.getTracks().forEach((track) => track.stop());
      video.hidden = true;
      button.hidden = false;
    };
    addEventListener("pagehide", stop, { once: true });
    const look = async () => {
      if (video.hidden) return;
      const [code] = await detector.detect(video).catch(() => []);
      if (!code) return void setTimeout(look, 200);
      stop();
      box.value = code.rawValue;
      run(code.rawValue);
      place.scrollIntoView({ block: "center" });
    };
    look();
  });
})();
