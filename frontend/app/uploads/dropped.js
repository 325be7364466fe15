// What was dropped or picked, folders looked through: a list of { file, path }.

/** Files of a drop. Call it at once: the browser forgets what was dropped when the event is over. */
export async function droppedFiles(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const dropped = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const found = [];
  for (const one of dropped) {
    if (one instanceof File) found.push(...pickedFiles([one])); // what comes from another page is no entry of a disk
    else if (one) await look(one, '', found);
  }
  return found;
}

/** Files of an <input type="file">, also of one that picks a folder. */
export function pickedFiles(list) {
  return [...list].map((file) => ({ file, path: file.webkitRelativePath || file.name })).filter(isWanted);
}

async function look(entry, above, found) {
  const path = above + entry.name;
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => { entry.file(resolve, reject); });
    found.push(...[{ file, path }].filter(isWanted));
    return;
  }
  const reader = entry.createReader();
  for (;;) { // gives a hundred at a time
    const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (!some.length) return;
    for (const below of some) await look(below, `${path}/`, found);
  }
}

// What systems leave in folders is nobody's model; the server would refuse it one by one.
const isWanted = ({ path }) => !path.split('/').some((part) => part.startsWith('.') || part === 'Thumbs.db' || part === '__MACOSX');
