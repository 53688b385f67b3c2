// La file de la première version, dans la mémoire d'onglet : ses gestes entrent au coffre. Rend ceux qui n'ont pu y entrer : ils
// partent d'où ils sont.
export async function ranger(cle, coffre, epreuve) {
  const { file = [] } = JSON.parse(sessionStorage.getItem(cle));
  try {
    for (const fait of file) await coffre.ranger(epreuve, fait);
    sessionStorage.removeItem(cle);
    return [];
  } catch {
    return file;
  }
}
