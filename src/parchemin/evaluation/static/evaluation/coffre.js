// La cryptographie du coffre (AES-GCM, 256 bits) : sa clé, sous des enveloppes fermées deux fois (README, « Hors ligne »).

const ALGO = { name: "AES-GCM", length: 256 };
const USAGES = ["encrypt", "decrypt"];

const octets = (nombre) => crypto.getRandomValues(new Uint8Array(nombre));
const cleDe = (brut) => crypto.subtle.importKey("raw", brut, ALGO, false, USAGES);

export const secretDOnglet = () => octets(32);

export async function nouveauCoffre() {
  const appareil = await crypto.subtle.generateKey(ALGO, false, USAGES);
  const brut = octets(32);
  return { rangement: { appareil, enveloppes: {} }, brut, cle: await cleDe(brut) };
}

// `secret` : des octets (onglet, serveur), ou un texte (code).
export async function envelopper(rangement, brut, nom, secret) {
  const sel = octets(16);
  const { iv, chiffre } = await fermer(await cleDuSecret(secret, sel), brut);
  rangement.enveloppes[nom] = { sel, ...(await fermer(rangement.appareil, Uint8Array.of(...iv, ...chiffre))) };
}

// Rend `{ brut, cle }`, ou `null` si le secret n'est pas le bon.
export async function ouvrir(rangement, nom, secret) {
  try {
    const enveloppe = rangement.enveloppes[nom];
    const dedans = await rouvrir(rangement.appareil, enveloppe);
    const interieur = { iv: dedans.slice(0, 12), chiffre: dedans.slice(12) };
    const brut = await rouvrir(await cleDuSecret(secret, enveloppe.sel), interieur);
    return { brut, cle: await cleDe(brut) };
  } catch {
    return null;
  }
}

export const chiffrer = (cle, valeur) => fermer(cle, new TextEncoder().encode(JSON.stringify(valeur)));

// Lève si ce n'est pas la bonne clé, ou si un seul bit a changé.
export async function dechiffrer(cle, ferme) {
  return JSON.parse(new TextDecoder().decode(await rouvrir(cle, ferme)));
}

async function fermer(cle, clair) {
  const iv = octets(12);
  return { iv, chiffre: new Uint8Array(await crypto.subtle.encrypt({ name: ALGO.name, iv }, cle, clair)) };
}

async function rouvrir(cle, { iv, chiffre }) {
  return new Uint8Array(await crypto.subtle.decrypt({ name: ALGO.name, iv }, cle, chiffre));
}

async function cleDuSecret(secret, sel) {
  return typeof secret === "string" ? (await import("./code.js")).cleDuCode(secret, sel) : cleDe(secret);
}
