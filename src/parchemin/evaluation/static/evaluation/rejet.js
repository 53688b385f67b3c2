// Ce qu'un envoi laisse en attente, et ce que la file en fait (docs/echange-des-faits.md).

import { refaire } from "./renommage.js";

export const TROP_LONG = { code: "lot_trop_grand", raison: "Il est trop long pour être envoyé : renoncez-y, puis écrivez plus court." };
export const SIGNES = 10_000; // au-delà, le serveur ne garde pas un texte

// Rend `echec` (vrai : réessayer plus tard ; un nombre : pas avant, en millisecondes), `arret` (ce qui empêche d'envoyer encore), `taille`
// (ce que portera le prochain envoi).
export async function juger(reponse, corps, lot, file) {
  const { erreur, reponses } = corps ?? {};
  const { ok, status } = reponse;
  if (ok && reponses) return trier(reponses, lot, file);
  const trop = status === 413 || erreur?.code === TROP_LONG.code;
  const illisible = status === 400 && !erreur; // peut-être si grand que le serveur ne l'a pas lu
  if ((trop || illisible) && lot.length > 1) return { taille: Math.ceil(lot.length / 2) };
  if (trop || (illisible && JSON.stringify(lot[0].fait.valeur).length > SIGNES)) return refuser(lot[0], TROP_LONG, file);
  if (status === 429) return { echec: delai(reponse.headers.get("Retry-After")) };
  if (erreur && status < 500) return { arret: erreur.message };
  const arret = status === 403 ? await file.nouvelles.jetonPerime() : "";
  return { arret, echec: !arret };
}

// Un geste dont rien ne dit qu'il est gardé (sa réponse manque, ou ne se comprend pas ici) reste. Si tous restent, on attend.
async function trier(reponses, lot, file) {
  const restants = new Map(lot.filter(({ fait }) => file.attente.has(fait.id)).map((ligne) => [ligne.fait.id, ligne]));
  const oublies = [];
  for (const { id, etat, code, raison } of reponses) {
    const ligne = restants.get(id);
    if (!ligne) continue;
    if (etat === "mise_a_part") oublies.push(mettreAPart(ligne, file));
    else if (etat !== "refusee") continue;
    else if (code === "rang_pris") oublies.push(await refaire(ligne, file.appareil, (geste) => file.conserver(file.inscrire(geste))));
    else refuser(ligne, { code, raison }, file);
    restants.delete(id);
  }
  await file.acquitter(oublies);
  for (const [id, ligne] of restants) {
    file.attente.delete(id); // derrière les autres, qui passent d'abord
    file.attente.set(id, ligne);
  }
  return { echec: restants.size === lot.length };
}

// Le serveur dit d'attendre, et parfois combien de secondes. Jamais plus de dix minutes sans rien essayer.
const delai = (secondes) => Math.min(secondes * 1000, 600_000) || true;

function mettreAPart(ligne, { aPart, nouvelles }) {
  aPart();
  nouvelles.refus(ligne.fait, null);
  return ligne;
}

function refuser(ligne, refus, { conserver, nouvelles }) {
  ligne.refus = refus;
  conserver(ligne);
  nouvelles.refus(ligne.fait, refus);
  return {};
}
