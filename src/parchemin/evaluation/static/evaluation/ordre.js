// Un geste vient après tous ceux qu'il avait vus ; l'heure, qui peut mentir, ne range que ceux qui ne se connaissaient pas.
export function dansLOrdre(lus) {
  const ranges = new Set();
  const enCours = new Set();
  const ranger = (ligne) => {
    if (enCours.has(ligne)) return;
    enCours.add(ligne);
    const { appareil, rang, vus } = ligne.fait;
    const connus = { ...vus, [appareil]: rang - 1 };
    for (const autre of lus) if (autre.fait.rang <= (connus[autre.fait.appareil] ?? 0)) ranger(autre);
    ranges.add(ligne);
  };
  lus.sort(({ fait: un }, { fait: deux }) => un.monotone_ms - deux.monotone_ms || un.rang - deux.rang).forEach(ranger);
  return [...ranges];
}
