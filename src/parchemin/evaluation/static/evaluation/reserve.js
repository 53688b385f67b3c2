// La réserve : ce que cet appareil garde, dans IndexedDB, le temps que le serveur le reçoive. Ne sait pas lire ce qu'elle range.
//
//   coffres  par personne : la clé de l'appareil et les enveloppes (`coffre.js`)
//   gestes   par personne, épreuve, fait : un fait chiffré
//   pages    par personne, épreuve : la grille chiffrée, pour l'ouvrir sans réseau

let connexion;

function ouvrir() {
  connexion ??= new Promise((oui, non) => {
    const demande = indexedDB.open("parchemin", 1);
    demande.onupgradeneeded = () => {
      const base = demande.result;
      base.createObjectStore("coffres", { keyPath: "personne" });
      base.createObjectStore("gestes", { keyPath: ["personne", "epreuve", "id"] }).createIndex("personne", "personne");
      base.createObjectStore("pages", { keyPath: ["personne", "epreuve"] }).createIndex("personne", "personne");
    };
    demande.onsuccess = () => {
      const base = demande.result;
      base.onclose = () => (connexion = undefined);
      // Une version plus neuve, dans un autre onglet, veut la base : on la lui laisse, et l'on rouvrira.
      base.onversionchange = () => {
        base.close();
        connexion = undefined;
      };
      oui(base);
    };
    demande.onerror = () => non(demande.error);
  }).catch((erreur) => {
    connexion = undefined;
    throw erreur;
  });
  return connexion;
}

// Un travail, une transaction : tout est écrit sur le disque, ou rien. Rend ce que rend `faire`, la transaction finie.
export async function travailler(tables, mode, faire) {
  const base = await ouvrir();
  return new Promise((oui, non) => {
    const transaction = base.transaction(tables, mode, { durability: "strict" });
    transaction.onerror = transaction.onabort = () => non(transaction.error ?? new Error("transaction annulée"));
    const rendu = faire((table) => transaction.objectStore(table));
    transaction.oncomplete = () => oui(rendu?.result);
  });
}

// Toutes les clés qui commencent ainsi.
export const sous = (...debut) => IDBKeyRange.bound(debut, [...debut, []]);

export const lire = (table, cle) => travailler(table, "readonly", (dans) => dans(table).get(cle));
export const tous = (table, cles) => travailler(table, "readonly", (dans) => dans(table).getAll(cles));
export const ranger = (table, ligne) => travailler(table, "readwrite", (dans) => dans(table).put(ligne));
export const oter = (table, cles) => travailler(table, "readwrite", (dans) => cles.forEach((cle) => dans(table).delete(cle)));
