// La file : un geste y reste jusqu'à la réponse du serveur (docs/echange-des-faits.md).

import { charger } from "./affichage.js";

const LOT = 100;
const ATTENTE_MAX = 30_000;
const DELAI = 15_000;
const PATIENCE = 2_000;
const RECUS = ["acceptee", "deja_recue"];
const attendre = (ms) => new Promise((suite) => setTimeout(suite, ms));

// `coffre` : une promesse, d'un `null` quand rien ne se garde ici. `nouvelles` : README, « Hors ligne ».
export function ouvrirFile({ adresse, personne, epreuve, coffre, rangConnu, jeton, nouvelles }) {
  const attente = new Map(); // id → { fait, garde, pret, refus }
  const appareil = prendreAppareil(personne, epreuve, rangConnu);
  let garder = Promise.resolve();
  let gardable = true;
  let enCours = false;
  let rappele = false; // on est revenu pendant un essai
  let essais = 0;
  let arret = "";
  let minuterie;
  let aPart = 0;
  let taille = LOT;

  const retrouves = retrouver();

  // Les gestes d'un onglet fermé, d'un navigateur tué, d'une version d'avant repartent d'ici.
  async function retrouver() {
    const ouvert = await coffre;
    gardable = Boolean(ouvert);
    const ancienne = `parchemin-grille ${adresse} ${personne}`;
    const enPlus = lire(ancienne) ? await (await import("./file-d-avant.js")).ranger(ancienne, ouvert, epreuve) : [];
    const lus = (await ouvert?.lire(epreuve).catch(() => null)) ?? [];
    lus.push(...enPlus.map((fait) => ({ fait, refus: null })));
    const gardes = [];
    for (const { fait, refus } of lus) {
      if (attente.has(fait.id)) continue;
      attente.set(fait.id, { fait, garde: !enPlus.includes(fait), pret: true, refus });
      if (refus) nouvelles.refus(fait, refus);
      else gardes.push(fait);
    }
    nouvelles.gardes(gardes);
    envoyer();
  }

  // `contexte` : `remplace`, `vus`, `norme`. Rend le fait, et `garde` : une promesse, vraie si le geste est gardé sur cet appareil.
  function poser(cible, valeur, contexte) {
    const instant = { mural: new Date().toISOString(), monotone_ms: Math.round(performance.timeOrigin + performance.now()) };
    const ligne = inscrire({ cible, valeur, ...contexte, ...instant });
    dire();
    return { ...ligne.fait, garde: conserver(ligne).finally(envoyer) };
  }

  function inscrire(geste) {
    const { nom } = appareil;
    const { [nom]: _, ...vus } = geste.vus;
    const fait = { ...geste, id: crypto.randomUUID(), appareil: nom, rang: appareil.suivant(), vus };
    const ligne = { fait, garde: false, pret: false, refus: null };
    attente.set(fait.id, ligne);
    return ligne;
  }

  // Un à la fois. Un geste ne part que rangé ; ou, si le coffre refuse ou se tait, sans l'être, et la page le dit.
  function conserver(ligne) {
    return (garder = garder.then(async () => {
      await Promise.race([ranger(ligne), attendre(gardable ? PATIENCE : 0)]);
      gardable = ligne.garde;
      ligne.pret = true;
      dire();
      return gardable;
    }));
  }

  async function ranger(ligne) {
    try {
      const ouvert = await coffre;
      await ouvert.ranger(epreuve, ligne.fait, ligne.refus);
      ligne.garde = gardable = true;
      if (!attente.has(ligne.fait.id)) await ouvert.oter(epreuve, [ligne.fait]); // reçu avant d'être rangé
      dire();
    } catch {}
  }

  const aEnvoyer = () => [...attente.values()].filter(({ refus }) => !refus);
  const prets = () => aEnvoyer().filter(({ pret }) => pret);

  async function envoyer() {
    clearTimeout(minuterie);
    if (enCours || !prets().length) return dire();
    enCours = true;
    rappele = false;
    arret = "";
    dire();
    const echec = await essayer();
    enCours = false;
    essais = echec ? essais + 1 : 0;
    dire();
    if (echec || arret ? rappele : prets().length) envoyer();
    else if (echec) minuterie = setTimeout(envoyer, Math.max(echec, Math.min(ATTENTE_MAX, 500 * 2 ** essais)));
    else if (!aEnvoyer().length) nouvelles.vide();
    if (echec) for (const une of prets()) if (!une.garde) conserver(une);
  }

  // Rend s'il faut réessayer plus tard. Ce qui n'est pas reçu se juge à part.
  async function essayer() {
    const lot = prets().slice(0, taille);
    try {
      const reponse = await demander("faits", { faits: lot.map(({ fait }) => fait) });
      const corps = await reponse.json().catch(() => null);
      const recus = ((reponse.ok && corps?.reponses) || []).flatMap(({ id, etat }) => (RECUS.includes(etat) && attente.get(id)) || []);
      await acquitter(recus);
      if (recus.length === lot.length) return false;
      const { juger } = await Promise.race([charger("./rejet.js"), attendre(PATIENCE)]);
      const suite = await juger(reponse, corps, lot, { acquitter, aPart: () => (aPart += 1), appareil, attente, conserver, inscrire, nouvelles });
      ({ arret = "", taille = taille } = suite);
      return suite.echec;
    } catch {
      taille = Math.max(10, taille / 2);
      return true; // peut-être reçu : repart, sans risque, en plus petit
    }
  }

  function demander(quoi, corps) {
    return fetch(adresse.replace(/faits$/, quoi), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": jeton(), "X-Parchemin-Personne": personne },
      body: JSON.stringify(corps),
      signal: AbortSignal.timeout(DELAI),
      redirect: "manual",
    });
  }

  async function acquitter(recus) {
    if (!recus.length) return;
    taille = Math.min(LOT, taille * 2);
    await Promise.race([nouvelles.recus(recus.map(({ fait }) => fait)), attendre(PATIENCE)]); // avant que la file ne les oublie
    await oter(recus);
  }

  async function oter(lignes) {
    for (const { fait } of lignes) attente.delete(fait.id);
    const ranges = lignes.filter(({ garde }) => garde).map(({ fait }) => fait);
    if (ranges.length) await (await coffre)?.oter(epreuve, ranges).catch(() => {});
  }

  function dire() {
    const lignes = aEnvoyer();
    nouvelles.etat({ nombre: lignes.length, surs: lignes.every(({ garde, pret }) => garde || !pret), gardable, aPart, arret, coupe: arret || essais });
  }

  return {
    poser,
    // Le réseau ou la personne reviennent.
    envoyer: () => {
      essais = 0;
      rappele = true;
      return envoyer();
    },
    essayer: envoyer,
    bloque: () => arret || essais > 1,
    pret: Promise.race([retrouves, attendre(PATIENCE)]),
    demander,
    oublier: async (id) => {
      if (attente.has(id)) await oter([attente.get(id)]);
      dire();
    },
    enAttente: () => aEnvoyer().length,
    menaces: () => [...attente.values()].some(({ garde }) => !garde),
  };
}

export function phraseDEtat({ nombre, surs, gardable, aPart, arret, coupe }) {
  const seul = nombre < 2;
  if (!surs) return `Attention : ${seul ? "un geste n’est gardé" : `${nombre} gestes ne sont gardés`} que par cette page. Ne la fermez pas.`;
  if (!nombre && aPart) return "Reçu, mis à part pour le gestionnaire";
  if (!nombre) return gardable ? "Enregistré" : "Enregistré. Cet appareil ne garde rien : restez en ligne.";
  if (!coupe) return "En cours d’envoi…";
  return `Non envoyé, ${nombre} ${seul ? "geste gardé" : "gestes gardés"} sur cet appareil. ${arret || "Nouvel essai bientôt."}`;
}

// Un nom par onglet et par grille, gardé quand il se recharge ; une copie d'onglet (son verrou est pris), ou une page sans verrous, en
// tire un autre.
function prendreAppareil(personne, epreuve, rangConnu) {
  const cle = `parchemin-appareil ${epreuve} ${personne}`;
  const changer = () => prendre({ nom: crypto.randomUUID(), rang: 0 });
  const appareil = { changer, suivant: () => noter(appareil.rang + 1) };
  const connu = navigator.locks && lire(cle);
  if (connu) prendre(connu);
  else changer();

  function prendre({ nom, rang }) {
    appareil.nom = nom;
    noter(Math.max(rang, rangConnu(nom)));
    navigator.locks?.request(`parchemin-appareil ${nom}`, { ifAvailable: true }, (verrou) => {
      if (verrou) return new Promise(() => {}); // jusqu'à la fin de la page
      if (appareil.nom === nom) changer();
    });
  }

  function noter(rang) {
    appareil.rang = rang;
    try {
      sessionStorage.setItem(cle, JSON.stringify(appareil));
    } catch {} // la prochaine page prendra un nom neuf
    return rang;
  }

  return appareil;
}

function lire(cle) {
  try {
    return JSON.parse(sessionStorage.getItem(cle));
  } catch {
    return null;
  }
}
