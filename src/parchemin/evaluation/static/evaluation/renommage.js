// Deux onglets ont porté le même nom d'appareil : celui-ci en prend un neuf, et refait son geste. Rend l'ancien, à oublier : le
// nouveau est gardé.
export async function refaire(ligne, appareil, garder) {
  const { appareil: ancien, rang, vus } = ligne.fait;
  if (appareil.nom === ancien) appareil.changer();
  await garder({ ...ligne.fait, vus: { ...vus, [ancien]: rang - 1 } });
  return ligne;
}
