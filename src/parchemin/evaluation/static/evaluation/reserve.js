// La réserve : ce que cet appareil garde, dans IndexedDB, le temps que le serveur le reçoive. Ne sait pas lire ce qu'elle range.
//
//   coffres  par personne : la clé de l'appareil et les enveloppes (`coffre.js`)
//   gestes   un fait chiffré par ligne ; en clair : à qui, pour quelle épreuve, et son identifiant
//   pages    la grille d'une épreuve, chiffrée, pour l'ouvrir sans réseau

const NOM = "parchemin";
const VERSION = 1;
let connexion;

export function ouvrirReserve() {
  connexion ??= new Promise((oui, non) => {
    const demande = indexedDB.open(NOM, VERSION);
    demande.onupgradeneeded = () => {
      const base = demande.result;
      base.createObjectStore("coffres", { keyPath: "personne" });
      const gestes = base.createObjectStore("gestes", { keyPath: ["personne", "epreuve", "id"] });
      gestes.createIndex("personne", "personne");
      base.createObjectStore("pages", { keyPath: ["personne", "epreuve"] }).createIndex("personne", "personne");
    };
    demande.onsuccess = () => {
      // Une version plus neuve, dans un autre onglet, veut la base : on la lui laisse, et l'on rouvrira.
      demande.result.onversionchange = () => fermer(demande.result);
      demande.result.onclose = () => (connexion = undefined);
      oui(demande.result);
    };
    demande.onerror = () => non(demande.error);
  }).catch((erreur) => {
    connexion = undefined;
    throw erreur;
  });
  return connexion;
}

function fermer(base) {
  base.close();
  connexion = undefined;
}

// Un travail, une transaction : tout est écrit sur le disque, ou rien. Rend ce que rend `faire`, une fois la transaction finie.
async function travailler(tables, mode, faire) {
  const base = await ouvrirReserve();
  return new Promise((oui, non) => {
    const transaction = base.transaction(tables, mode, { durability: "strict" });
    let rendu;
    transaction.oncomplete = () => oui(rendu?.result);
    transaction.onerror = transaction.onabort = () => non(transaction.error ?? new Error("transaction annulée"));
    rendu = faire(transaction);
  });
}

const bornes = (personne, epreuve) => IDBKeyRange.bound([personne, epreuve], [personne, epreuve, []]);

export const coffre = (personne) => travailler("coffres", "readonly", (t) => t.objectStore("coffres").get(personne));
export const coffres = () => travailler("coffres", "readonly", (t) => t.objectStore("coffres").getAll());
export const rangerCoffre = (ligne) => travailler("coffres", "readwrite", (t) => t.objectStore("coffres").put(ligne));

export const rangerGeste = (ligne) => travailler("gestes", "readwrite", (t) => t.objectStore("gestes").put(ligne));
export const gestes = (personne, epreuve) =>
  travailler("gestes", "readonly", (t) => t.objectStore("gestes").getAll(bornes(personne, epreuve)));
export const gestesDe = (personne) =>
  travailler("gestes", "readonly", (t) => t.objectStore("gestes").index("personne").getAll(personne));

// `cles` : des clés [personne, épreuve, id du fait].
export const oterGestes = (cles) =>
  travailler("gestes", "readwrite", (t) => void cles.forEach((cle) => t.objectStore("gestes").delete(cle)));

export const page = (personne, epreuve) =>
  travailler("pages", "readonly", (t) => t.objectStore("pages").get([personne, epreuve]));
export const pages = (personne) =>
  travailler("pages", "readonly", (t) => t.objectStore("pages").index("personne").getAll(personne));
export const rangerPage = (ligne) => travailler("pages", "readwrite", (t) => t.objectStore("pages").put(ligne));
export const oterPage = (personne, epreuve) =>
  travailler("pages", "readwrite", (t) => void t.objectStore("pages").delete([personne, epreuve]));

// Oublie une personne : ses grilles toujours ; son coffre seulement s'il ne garde plus rien.
export function oublier(personne, { toutEstEnvoye }) {
  return travailler(["coffres", "pages"], "readwrite", (transaction) => {
    const curseur = transaction.objectStore("pages").index("personne").openKeyCursor(personne);
    curseur.onsuccess = () => {
      if (!curseur.result) return;
      transaction.objectStore("pages").delete(curseur.result.primaryKey);
      curseur.result.continue();
    };
    if (toutEstEnvoye) transaction.objectStore("coffres").delete(personne);
  });
}
