/** What a file seems to be, before anybody looked into it: the server decides. */

// By the ends of their names: what systems know no type of.
const ENDINGS = {
  image: ["heic", "heif", "webp"],
  video: ["mp4", "m4v", "mov", "3gp", "webm"],
  audio: ["amr", "m4a", "aac", "ogg", "oga", "opus", "mp3", "weba"],
};

/** "image", "video", "audio" or "document". */
export function kindOf({ type, name }) {
  const kind = type.split("/")[0];
  if (kind in ENDINGS) return kind;
  const end = name.split(".").at(-1).toLowerCase();
  const isTold = type && type !== "application/octet-stream";
  return (!isTold && Object.keys(ENDINGS).find((one) => ENDINGS[one].includes(end))) || "document";
}

const UNITS = ["KB", "MB", "GB"];

/** 812 KB, 1.2 MB: as the server writes it. */
export function sizeInWords(bytes, language = document.documentElement.lang) {
  const written = (number, style) => new Intl.NumberFormat(language, style).format(number);
  if (bytes < 1024) return written(bytes, { style: "unit", unit: "byte", unitDisplay: "long" });
  const power = Math.min(UNITS.length, Math.floor(Math.log2(bytes) / 10));
  const figure = written(bytes / 1024 ** power, { maximumFractionDigits: 1 });
  return `${figure}\u00a0${UNITS[power - 1]}`;
}
