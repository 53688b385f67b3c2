// Ce que cet appareil garde, dans IndexedDB, sans savoir le lire : un coffre par personne, des gestes et des grilles chiffrés.

let connexion;
const lacher = () => (connexion = undefined);

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
      base.onclose = lacher;
      // Une version plus neuve veut la base : on rouvrira.
      base.onversionchange = () => {
        base.close();
        lacher();
      };
      oui(base);
    };
    demande.onerror = () => non(demande.error);
  }).catch((erreur) => {
    lacher();
    throw erreur;
  });
  return connexion;
}

// Une transaction, écrite sur le disque ou rien. Rend ce que rend `faire`.
export async function travailler(tables, mode, faire) {
  const base = await ouvrir();
  return new Promise((oui, non) => {
    const transaction = base.transaction(tables, mode, { durability: "strict" });
    transaction.onerror = transaction.onabort = () => non(transaction.error);
    const rendu = faire((table) => transaction.objectStore(table));
    transaction.oncomplete = () => oui(rendu?.result);
  });
}

export const sous = (...debut) => IDBKeyRange.bound(debut, [...debut, []]);

export const lire = (table, cle) => travailler(table, "readonly", (dans) => dans(table).get(cle));
export const tous = (table, cles) => travailler(table, "readonly", (dans) => dans(table).getAll(cles));
export const ranger = (table, ligne) => travailler(table, "readwrite", (dans) => dans(table).put(ligne));
export const oter = (table, cles) => travailler(table, "readwrite", (dans) => cles.forEach((cle) => dans(table).delete(cle)));
