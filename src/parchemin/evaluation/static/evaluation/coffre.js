// Le coffre : tout ce qui attend sur cet appareil y est chiffré (AES-GCM, 256 bits), un coffre par personne.
//
// La clé du coffre n'est jamais gardée telle quelle. Elle l'est sous plusieurs enveloppes, chacune fermée deux fois : par la
// clé de l'appareil (non extractible : une copie de la base sans cet appareil n'ouvre rien), et par l'un de ces secrets :
//   onglet    tiré au hasard, gardé le temps de l'onglet : recharger ne demande rien ;
//   serveur   remis par le serveur à la personne connectée : une connexion rouvre toujours ;
//   code      un code à elle, pour rouvrir sans réseau.
// Ici, rien que de la cryptographie : ni base, ni page. Les valeurs rendues se rangent telles quelles dans IndexedDB.

const ALGO = "AES-GCM";
export const TOURS = 600_000; // PBKDF2-SHA-256

const octets = (nombre) => crypto.getRandomValues(new Uint8Array(nombre));
const cleDe = (brut) => crypto.subtle.importKey("raw", brut, ALGO, false, ["encrypt", "decrypt"]);

export const secretDOnglet = () => octets(32);

// Un coffre neuf : ce qui se range (`appareil`, `enveloppes`), et la clé qui ouvre.
export async function nouveauCoffre() {
  const appareil = await crypto.subtle.generateKey({ name: ALGO, length: 256 }, false, ["encrypt", "decrypt"]);
  const brut = octets(32);
  return { rangement: { appareil, enveloppes: {} }, brut, cle: await cleDe(brut) };
}

// Ajoute une enveloppe. `secret` : des octets (onglet, serveur), ou un texte (code).
export async function envelopper(rangement, brut, nom, secret) {
  const sel = octets(16);
  const interieur = await fermer(await cleDuSecret(secret, sel), brut);
  const exterieur = await fermer(rangement.appareil, joindre(interieur.iv, interieur.chiffre));
  rangement.enveloppes[nom] = { sel, ...exterieur };
}

// Ouvre une enveloppe ; rend `{ brut, cle }`, ou `null` si le secret n'est pas le bon.
export async function ouvrir(rangement, nom, secret) {
  const enveloppe = rangement.enveloppes[nom];
  if (!enveloppe) return null;
  try {
    const dedans = new Uint8Array(await rouvrir(rangement.appareil, enveloppe));
    const interieur = { iv: dedans.slice(0, 12), chiffre: dedans.slice(12) };
    const brut = new Uint8Array(await rouvrir(await cleDuSecret(secret, enveloppe.sel), interieur));
    return { brut, cle: await cleDe(brut) };
  } catch {
    return null;
  }
}

export async function chiffrer(cle, valeur) {
  return fermer(cle, new TextEncoder().encode(JSON.stringify(valeur)));
}

// Lève si ce n'est pas la bonne clé, ou si un seul bit a changé.
export async function dechiffrer(cle, ferme) {
  return JSON.parse(new TextDecoder().decode(await rouvrir(cle, ferme)));
}

async function fermer(cle, clair) {
  const iv = octets(12);
  return { iv, chiffre: new Uint8Array(await crypto.subtle.encrypt({ name: ALGO, iv }, cle, clair)) };
}

function rouvrir(cle, { iv, chiffre }) {
  return crypto.subtle.decrypt({ name: ALGO, iv }, cle, chiffre);
}

// Un secret tiré au hasard n'a pas besoin d'être étiré ; un code de quelques chiffres, si.
async function cleDuSecret(secret, sel) {
  if (typeof secret !== "string") return cleDe(secret);
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "PBKDF2", false, ["deriveKey"]);
  const tirage = { name: "PBKDF2", hash: "SHA-256", salt: sel, iterations: TOURS };
  return crypto.subtle.deriveKey(tirage, base, { name: ALGO, length: 256 }, false, ["encrypt", "decrypt"]);
}

function joindre(un, deux) {
  const tout = new Uint8Array(un.length + deux.length);
  tout.set(un);
  tout.set(deux, un.length);
  return tout;
}
