"""python -m pytest models/training/tests: the mapping of labels to categories."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from training import look_categories
from training.look_categories import CATEGORIES, IKEA, category


def test_every_mapping_leads_into_the_list():
    names = (
        "CLOTHING_CO_PARSING",
        "CLOTHING",
        "HOME_OBJECTS",
        "MAGENTO",
        "COCO",
        "FASHION_PRODUCTS",
        "COMPLETE_THE_LOOK",
    )
    targets = {target for name in names for target in getattr(look_categories, name).values()}
    targets |= {target for _, target in IKEA if target}
    assert targets <= set(CATEGORIES)
    assert len(CATEGORIES) == len(set(CATEGORIES)) == 24


@pytest.mark.parametrize(
    ("source", "label", "expected"),
    [
        ("clothing-co-parsing", "tights", "legwear"),
        ("clothing-co-parsing", "skin", None),
        ("clothing", "Other", None),
        ("magento", "Women/Tops/Bras & Tanks", "top"),
        ("magento", "Gear/Bags/Collections/Erin Recommends", "bag"),
        ("magento", "Training/Video Download", None),
        ("home-objects", "toaster", "appliance"),
        ("coco-mini", "couch", "sofa"),
        ("ikea", "Table lamp", "lamp"),
        ("ikea", "Drop-leaf table", "table"),
        ("ikea", "Table+2 chairs, outdoor", None),
        ("ikea", "Chair cushion, outdoor", None),
        ("ikea", "Curtains with tie-backs, 1 pair", "curtain"),
        ("ikea", "Shower curtain", None),
    ],
)
def test_labels_map_to_categories(source, label, expected):
    assert category(source, label) == expected
