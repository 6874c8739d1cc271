"""The categories of Shop the Look and Complete the Look, and how the labels of the picture sets map to them.

One place for both models: the detector's classes, the catalogue's gate and the category embeddings of compatibility
are the same list. A label that maps to none of them is left out (`None`).
"""

import re

FASHION = (
    "top",
    "outerwear",
    "dress",
    "skirt",
    "trousers",
    "shorts",
    "legwear",
    "shoes",
    "bag",
    "hat",
    "glasses",
    "accessory",
)
HOME = (
    "chair",
    "sofa",
    "table",
    "bed",
    "lamp",
    "plant",
    "curtain",
    "vase",
    "pot",
    "appliance",
    "screen",
    "clock",
)
CATEGORIES = FASHION + HOME


def _inverted(**labels: str) -> dict[str, str]:
    """category="label;label" -> {label: category}."""
    return {label: category for category, names in labels.items() for label in names.split(";")}


# A suit's box shows its jacket; a romper is one piece, as a dress is; a jumper is a pullover here and a vest mostly a
# sleeveless top or waistcoat; wallets are held as clutch bags are. Underwear, swimwear, skin and hair are left out.
CLOTHING_CO_PARSING = _inverted(
    top="blouse;bodysuit;hoodie;jumper;shirt;sweater;sweatshirt;t-shirt;top;vest",
    outerwear="blazer;cape;cardigan;coat;jacket;suit",
    dress="dress;romper",
    skirt="skirt",
    trousers="jeans;pants",
    shorts="shorts",
    legwear="leggings;socks;stockings;tights",
    shoes="boots;clogs;flats;heels;loafers;pumps;sandals;shoes;sneakers;wedges",
    bag="bag;purse;wallet",
    hat="hat",
    glasses="glasses;sunglasses",
    accessory="accessories;belt;bracelet;earrings;gloves;necklace;ring;scarf;tie;watch",
)

# "Body" is a baby's one-piece undershirt.
CLOTHING = _inverted(
    top="T-Shirt;Longsleeve;Shirt;Polo;Undershirt;Hoodie;Top;Blouse;Body",
    outerwear="Outwear;Blazer",
    dress="Dress",
    skirt="Skirt",
    trousers="Pants",
    shorts="Shorts",
    shoes="Shoes",
    hat="Hat",
)

# Pots are for cooking, on stoves.
HOME_OBJECTS = _inverted(curtain="curtain", pot="pot", appliance="toaster")

# A part of the category path.
MAGENTO = _inverted(
    top="Tops/Bras & Tanks;Tops/Hoodies & Sweatshirts;Tops/Tees;Tops/Tanks",
    outerwear="Tops/Jackets",
    trousers="Bottoms/Pants",
    shorts="Bottoms/Shorts",
    bag="Bags",
    accessory="Watches",
)

COCO = _inverted(
    bag="backpack;handbag;suitcase",
    accessory="tie",
    chair="chair",
    sofa="couch",
    table="dining table",
    bed="bed",
    plant="potted plant",
    vase="vase",
    appliance="microwave;oven;toaster;refrigerator",
    screen="tv;laptop",
    clock="clock",
)

FASHION_PRODUCTS = _inverted(
    top="Tshirts;Shirts;Kurtas;Kurtis;Tops;Tunics;Sweaters;Sweatshirts;Innerwear Vests",
    outerwear="Jackets",
    dress="Dresses",
    skirt="Skirts",
    trousers="Trousers;Jeans;Track Pants;Capris;Lounge Pants;Churidar",
    shorts="Shorts;Lounge Shorts",
    legwear="Socks;Stockings;Leggings",
    shoes="Casual Shoes;Sports Shoes;Heels;Flip Flops;Sandals;Formal Shoes;Flats;Sports Sandals",
    bag="Handbags;Wallets;Backpacks;Duffel Bag;Clutches;Laptop Bag;Rucksacks;Messenger Bag",
    hat="Caps",
    glasses="Sunglasses",
    accessory="Watches;Belts;Scarves;Mufflers;Ties;Dupatta;Stoles;Cufflinks;Necklace and Chains;Headband",
)

COMPLETE_THE_LOOK = _inverted(
    top="Shirts & Tops",
    outerwear="Coats & Jackets",
    dress="Dresses",
    skirt="Skirts",
    trousers="Pants",
    shorts="Shorts",
    shoes="Shoes",
    bag="Handbags",
    hat="Hats",
    glasses="Sunglasses",
    accessory="Jewelry;Watches;Scarves & Shawls",
)

# IKEA has some 600 product types: the first pattern found in the lower-case type decides. Covers, cushions, bases and
# other parts are left out, and so is furniture that belongs to no category (wardrobes, shelves, stools and benches).
IKEA = (
    (r"\bcover|cushion|\bpad\b|shade|base\b|rug|linen|pocket|canopy|\btent|bedspread|shower|doll|toy|play", None),
    (r"sheet|mattress|skirt|rack|ironing|top$|table\+|table with \d chairs", None),
    (r"bedside table|\btables?\b(?!.* lamp)(?! lamp| mirror| tablet)|\bdesk\b(?! organiser| chair)", "table"),
    (r"\blamp|spotlight|chandelier", "lamp"),
    (r"\bsofa", "sofa"),
    (r"chair", "chair"),
    (r"\bbed frame|\bdivan bed|day-bed|extendable bed\b|\bcot\b|bunk bed|reversible bed", "bed"),
    (r"curtain(?! rod)", "curtain"),
    (r"potted plant", "plant"),
    (r"\bvase", "vase"),
    (r"plant pot|planter", None),
    (r"pot with lid|saucepan|stockpot|casserole", "pot"),
    (r"\boven|microwave|fridge|coffee,tea maker|espresso maker", "appliance"),
    (r"wall clock|alarm clock|^clock$", "clock"),
)


def ikea_category(product_type: str) -> str | None:
    """Category of a product type of the ikea set."""
    text = product_type.lower()
    return next((category for pattern, category in IKEA if re.search(pattern, text)), None)


def magento_category(path: str) -> str | None:
    """Category of a path such as "Women/Tops/Jackets" or "Gear/Bags/Collections/Erin Recommends"."""
    return next((category for name, category in MAGENTO.items() if f"/{name}/" in f"{path}/"), None)


MAPPINGS = {
    "clothing": CLOTHING.get,
    "clothing-co-parsing": CLOTHING_CO_PARSING.get,
    "home-objects": HOME_OBJECTS.get,
    "magento": magento_category,
    "coco-mini": COCO.get,
    "fashion-products": FASHION_PRODUCTS.get,
    "ikea": ikea_category,
}


def category(source: str, label: str) -> str | None:
    """Category of a label of a picture set, None when it belongs to none."""
    return MAPPINGS[source](label)
