// La file des gestes : chacun y reste jusqu'à la réponse du serveur (docs/echange-des-faits.md), quoi qu'il arrive entre-temps.

const LOT = 100;
const ATTENTE_MAX = 30_000;
const DELAI = 15_000;

// `coffre` : une promesse, d'un `null` quand rien ne se garde ici. `nouvelles.jetonPerime()` cherche un jeton CSRF neuf et
// rend ce qui empêche d'envoyer, ou rien.
export function ouvrirFile({ adresse, personne, epreuve, coffre, rangConnu, jeton, nouvelles }) {
  const attente = new Map(); // id → { fait, garde, refus }
  const appareil = prendreAppareil(personne, epreuve, rangConnu);
  let garder = Promise.resolve();
  let gardable = true;
  let enCours = false;
  let essais = 0;
  let arret = "";
  let minuterie = 0;

  const pret = retrouver();

  // Les gestes d'un onglet fermé, d'un navigateur tué, d'une version d'avant : ils repartent d'ici, sous leur nom.
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
      attente.set(fait.id, { fait, garde: !enPlus.includes(fait), refus });
      if (refus) nouvelles.refus(fait, refus);
      else gardes.push(fait);
    }
    nouvelles.gardes(gardes);
    envoyer();
  }

  // Rend le fait, et une promesse (`garde`) : vrai une fois le geste gardé sur cet appareil.
  function poser(cible, valeur, { remplace, vus, norme }) {
    const heures = { mural: new Date().toISOString(), monotone_ms: Math.round(performance.timeOrigin + performance.now()) };
    const ligne = inscrire({ cible, valeur, remplace, vus, ...heures, norme });
    dire();
    return { ...ligne.fait, garde: conserver(ligne).finally(envoyer) };
  }

  function inscrire(geste) {
    const { nom } = appareil;
    const vus = Object.fromEntries(Object.entries(geste.vus).filter(([autre]) => autre !== nom));
    const fait = { ...geste, id: crypto.randomUUID(), appareil: nom, rang: appareil.suivant(), vus };
    const ligne = { fait, garde: false, refus: null };
    attente.set(fait.id, ligne);
    return ligne;
  }

  // Un rangement à la fois, dans l'ordre des gestes.
  function conserver(ligne) {
    garder = garder.then(async () => {
      try {
        const ouvert = await coffre;
        await ouvert.ranger(epreuve, ligne.fait, ligne.refus);
        ligne.garde = gardable = true;
        if (!attente.has(ligne.fait.id)) await ouvert.oter(epreuve, [ligne.fait]); // reçu avant d'être rangé
      } catch {
        gardable = false; // le geste ne vit que dans la page, qui prévient
      }
      dire();
      return ligne.garde;
    });
    return garder;
  }

  const aEnvoyer = () => [...attente.values()].filter(({ refus }) => !refus);

  async function envoyer() {
    clearTimeout(minuterie);
    if (enCours || !aEnvoyer().length) return dire();
    enCours = true;
    arret = "";
    dire();
    const echec = await essayer();
    enCours = false;
    essais = echec ? essais + 1 : 0;
    dire();
    const reste = aEnvoyer().length;
    if (echec) minuterie = setTimeout(envoyer, Math.min(ATTENTE_MAX, 500 * 2 ** essais));
    else if (reste && !arret) envoyer();
    else if (!reste) nouvelles.vide();
  }

  // Un envoi ; vrai s'il faut réessayer plus tard. Un refus du serveur tout entier arrête les essais et se dit.
  async function essayer() {
    try {
      const reponse = await demander("faits", { faits: aEnvoyer().slice(0, LOT).map(({ fait }) => fait) });
      const corps = await reponse.json().catch(() => null);
      if (reponse.ok && corps?.reponses) return await recevoir(corps.reponses);
      if (corps?.erreur && reponse.status < 500) arret = corps.erreur.message;
      else if (reponse.status === 403) arret = await nouvelles.jetonPerime();
    } catch {
      // ni réponse ni certitude : le même envoi repartira ; le serveur dira « déjà reçue » de ce qu'il a
    }
    return !arret;
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

  async function recevoir(reponses) {
    const recus = [];
    for (const { id, etat, code, raison } of reponses) {
      const ligne = attente.get(id);
      if (!ligne) continue;
      if (etat !== "refusee") recus.push(ligne);
      else if (code === "rang_pris") recus.push(await renommer(ligne));
      else {
        ligne.refus = { code, raison };
        conserver(ligne);
        nouvelles.refus(ligne.fait, ligne.refus);
      }
    }
    await nouvelles.recus(recus.map(({ fait }) => fait)); // la page gardée les montre, avant que la file ne les oublie
    await oter(recus);
    return false;
  }

  async function oter(lignes) {
    for (const { fait } of lignes) attente.delete(fait.id);
    const ranges = lignes.filter(({ garde }) => garde).map(({ fait }) => fait);
    if (ranges.length) await (await coffre)?.oter(epreuve, ranges).catch(() => {});
  }

  // Deux onglets ont porté le même nom d'appareil : celui-ci en prend un neuf, et refait son geste.
  async function renommer(ligne) {
    const { appareil: ancien, rang, vus } = ligne.fait;
    if (appareil.nom === ancien) appareil.changer();
    await conserver(inscrire({ ...ligne.fait, vus: { ...vus, [ancien]: rang - 1 } })); // gardé, avant d'oublier l'ancien
    return ligne;
  }

  function dire() {
    const lignes = aEnvoyer();
    nouvelles.etat({ nombre: lignes.length, surs: lignes.every(({ garde }) => garde), gardable, arret, coupe: Boolean(arret || essais) });
  }

  return {
    poser,
    // Le réseau ou la personne reviennent : les essais reprennent sans attendre.
    envoyer: () => {
      essais = 0;
      return envoyer();
    },
    essayer: envoyer,
    bloque: () => Boolean(arret) || essais > 1,
    pret,
    demander,
    oublier: async (id) => {
      if (attente.has(id)) await oter([attente.get(id)]);
      dire();
    },
    enAttente: () => aEnvoyer().length,
    menaces: () => [...attente.values()].filter(({ garde }) => !garde).length,
  };
}

export function phraseDEtat({ nombre, surs, gardable, arret, coupe }) {
  if (!nombre) return "Enregistré";
  const gestes = nombre < 2 ? "un geste n’est gardé" : `${nombre} gestes ne sont gardés`;
  if (!surs && !gardable) return `Attention : ${gestes} que par cette page. Ne la fermez pas.`;
  if (!arret && !coupe) return "En cours d’envoi…";
  return `Non envoyé, ${nombre} ${nombre < 2 ? "geste gardé" : "gestes gardés"} sur cet appareil. ${arret || "Nouvel essai bientôt."}`;
}

// Le nom de cet appareil : un par onglet et par grille. Un onglet le garde quand il se recharge ; une copie d'onglet ne peut
// pas le prendre (le verrou est tenu), et en tire un autre ; sans verrous, chaque page en tire un.
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
    } catch {
      // sans mémoire d'onglet, la prochaine page prendra un nom neuf
    }
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
