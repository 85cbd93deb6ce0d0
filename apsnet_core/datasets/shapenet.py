"""ShapeNet Core55 as clouds: `<synset>/<id>.ply` with 2048 points each, in their published scale."""

from __future__ import annotations

import re
from pathlib import Path

from apsnet_core.datasets.dataset import Shapes, Tell, silent
from apsnet_core.datasets.parts import official_parts
from apsnet_core.datasets.shape_files import ShapeFile, read_files

LICENCE = "ShapeNet: research use only, under the terms of shapenet.org; the shapes belong to their authors"

SYNSETS = {
    "02691156": "airplane", "02747177": "trash_bin", "02773838": "bag", "02801938": "basket",
    "02808440": "bathtub", "02818832": "bed", "02828884": "bench", "02843684": "birdhouse",
    "02871439": "bookshelf", "02876657": "bottle", "02880940": "bowl", "02924116": "bus",
    "02933112": "cabinet", "02942699": "camera", "02946921": "can", "02954340": "cap", "02958343": "car",
    "02992529": "cellphone", "03001627": "chair", "03046257": "clock", "03085013": "keyboard",
    "03207941": "dishwasher", "03211117": "display", "03261776": "earphone", "03325088": "faucet",
    "03337140": "file_cabinet", "03467517": "guitar", "03513137": "helmet", "03593526": "jar",
    "03624134": "knife", "03636649": "lamp", "03642806": "laptop", "03691459": "loudspeaker",
    "03710193": "mailbox", "03759954": "microphone", "03761084": "microwave", "03790512": "motorbike",
    "03797390": "mug", "03928116": "piano", "03938244": "pillow", "03948459": "pistol",
    "03991062": "flowerpot", "04004475": "printer", "04074963": "remote", "04090263": "rifle",
    "04099429": "rocket", "04225987": "skateboard", "04256520": "sofa", "04330267": "stove",
    "04379243": "table", "04401088": "telephone", "04460130": "tower", "04468005": "train",
    "04530566": "watercraft", "04554684": "washer",
}  # fmt: skip


def shapenet_files(folder: Path) -> list[Path]:
    """The files of the clouds, sorted by synset and name, because the order of a listing is arbitrary."""
    return [path for path in sorted(folder.glob("*/*.ply")) if re.fullmatch(r"\d{8}", path.parent.name)]


def read_shapenet(folder: Path, tell: Tell = silent) -> Shapes:
    """Read all shapes as stored, with their official parts if the lists of these exist."""
    listed = official_parts(folder)
    files = [
        ShapeFile(path, path.parent.name, listed.get(path.name.partition(".")[0]))
        for path in shapenet_files(folder)
    ]
    return read_files(files, normalise=False, licence=LICENCE, titles=SYNSETS, tell=tell)
