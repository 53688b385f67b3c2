// La file des gestes : chacun y reste jusqu'à la réponse du serveur (docs/echange-des-faits.md), quoi qu'il arrive entre-temps.
// Ne connaît pas la page : elle lui donne l'adresse, le jeton, et ce qu'il faut faire à chaque nouvelle.

const LOT = 100;
const ATTENTE_MAX = 30_000;
const DELAI = 15_000;

// `jeton()` rend le jeton CSRF du moment. `nouvelles` : etat(texte, coupe), refus(fait, raison), vide(), et jetonPerime(), qui
// en cherche un neuf et rend ce qui empêche d'envoyer, ou rien.
export function ouvrirFile({ adresse, cle, rangConnu, jeton, nouvelles }) {
  const garde = lire(cle) ?? { appareil: crypto.randomUUID(), rang: 0, file: [] };
  garde.rang = Math.max(garde.rang, rangConnu(garde.appareil));
  let enCours = false;
  let essais = 0;
  let arret = "";
  let minuterie = 0;

  function poser(cible, valeur, { remplace, vus, norme }) {
    const fait = {
      id: crypto.randomUUID(),
      appareil: garde.appareil,
      rang: ++garde.rang,
      cible,
      valeur,
      remplace,
      vus: Object.fromEntries(Object.entries(vus).filter(([appareil]) => appareil !== garde.appareil)),
      mural: new Date().toISOString(),
      monotone_ms: Math.round(performance.timeOrigin + performance.now()),
      norme,
    };
    garde.file.push(fait);
    conserver();
    envoyer();
    return fait.id;
  }

  async function envoyer() {
    clearTimeout(minuterie);
    if (enCours || !garde.file.length) return dire();
    enCours = true;
    arret = "";
    dire();
    const echec = await essayer();
    enCours = false;
    essais = echec ? essais + 1 : 0;
    dire();
    if (echec) minuterie = setTimeout(envoyer, Math.min(ATTENTE_MAX, 500 * 2 ** essais));
    else if (garde.file.length && !arret) envoyer();
    else if (!garde.file.length) nouvelles.vide();
  }

  // Un envoi ; vrai s'il faut réessayer plus tard. Un refus du serveur tout entier arrête les essais et se dit.
  async function essayer() {
    try {
      const reponse = await fetch(adresse, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": jeton() },
        body: JSON.stringify({ faits: garde.file.slice(0, LOT) }),
        signal: AbortSignal.timeout(DELAI),
        redirect: "manual",
      });
      const corps = await reponse.json().catch(() => null);
      if (reponse.ok && corps?.reponses) return recevoir(corps.reponses);
      if (corps?.erreur && reponse.status < 500) {
        arret = corps.erreur.message;
        return false;
      }
      if (reponse.status === 403) arret = await nouvelles.jetonPerime();
    } catch {
      // ni réponse ni certitude : le même envoi repartira, et le serveur répondra « déjà reçue » à ce qu'il a
    }
    return !arret;
  }

  function recevoir(reponses) {
    for (const { id, etat, code, raison } of reponses) {
      const place = garde.file.findIndex((fait) => fait.id === id);
      if (place < 0) continue;
      const [fait] = garde.file.splice(place, 1);
      if (etat === "refusee" && code === "rang_pris") renommer(fait);
      else if (etat === "refusee") nouvelles.refus(fait, raison);
    }
    conserver();
    return false;
  }

  // Un onglet recopié porte le nom d'appareil d'un autre : celui-ci en prend un neuf, et refait son geste.
  function renommer({ appareil: ancien, rang, vus, ...fait }) {
    if (garde.appareil === ancien) Object.assign(garde, { appareil: crypto.randomUUID(), rang: 0 });
    const vu = { ...vus, [ancien]: rang - 1 };
    garde.file.push({ ...fait, id: crypto.randomUUID(), appareil: garde.appareil, rang: ++garde.rang, vus: vu });
  }

  function dire() {
    const nombre = garde.file.length;
    const gardes = `${nombre} ${nombre < 2 ? "geste gardé" : "gestes gardés"} sur cet appareil`;
    if (!nombre) nouvelles.etat("Enregistré", false);
    else if (arret) nouvelles.etat(`Non envoyé, ${gardes}. ${arret}`, true);
    else if (essais) nouvelles.etat(`Non envoyé, ${gardes}. Nouvel essai bientôt.`, true);
    else nouvelles.etat("En cours d’envoi…", false);
  }

  function conserver() {
    try {
      sessionStorage.setItem(cle, JSON.stringify(garde));
    } catch {
      // mémoire pleine ou interdite : la file vit encore dans la page, et prévient avant qu'on la quitte
    }
  }

  // Vrai dès que tout est reçu ; faux si le serveur refuse ou ne répond pas.
  async function vider() {
    while (garde.file.length && !arret && essais < 2) {
      envoyer();
      await new Promise((suite) => setTimeout(suite, 100));
    }
    return !garde.file.length;
  }

  return { poser, envoyer, vider, enAttente: () => garde.file.length };
}

function lire(cle) {
  try {
    return JSON.parse(sessionStorage.getItem(cle));
  } catch {
    return null;
  }
}
