// La clé que donne un code : de quelques chiffres, il s'étire (PBKDF2-SHA-256) pour que l'essayer coûte.

const TOURS = 600_000;

export async function cleDuCode(code, sel) {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(code), "PBKDF2", false, ["deriveKey"]);
  const tirage = { name: "PBKDF2", hash: "SHA-256", salt: sel, iterations: TOURS };
  return crypto.subtle.deriveKey(tirage, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
