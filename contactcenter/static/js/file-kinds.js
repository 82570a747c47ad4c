/** What a file seems to be, before anybody looked into it: the server decides. */

/** "image", "video", "audio" or "document". */
export function kindOf({ type }) {
  const kind = type.split("/")[0];
  return ["image", "video", "audio"].includes(kind) ? kind : "document";
}

/** 812 KB, 1.2 MB: as the server writes it. */
export function sizeInWords(bytes, language = document.documentElement.lang) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const at = Math.min(3, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  const style = { style: "unit", unit: units[at], unitDisplay: at ? "short" : "long" };
  const digits = { maximumFractionDigits: at ? 1 : 0 };
  return new Intl.NumberFormat(language, { ...style, ...digits }).format(bytes / 1024 ** at);
}
