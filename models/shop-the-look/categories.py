"""The detector's categories, and what other label sets call them."""

FASHION = (
    "top", "outerwear", "dress", "skirt", "trousers", "shorts", "legwear", "shoes", "bag", "hat", "glasses", "accessory",
)  # fmt: skip
HOME = ("chair", "sofa", "table", "bed", "lamp", "plant", "curtain", "vase", "pot", "appliance", "screen", "clock")
CATEGORIES = FASHION + HOME
NUMBER = {name: number for number, name in enumerate(CATEGORIES)}

_GARMENTS = {
    "top": "blouse bodysuit hoodie jumper shirt sweater sweatshirt t-shirt top",
    "outerwear": "blazer cape cardigan coat jacket suit vest",
    "dress": "dress romper",
    "skirt": "skirt",
    "trousers": "jeans pants",
    "shorts": "shorts",
    "legwear": "leggings socks stockings tights",
    "shoes": "boots clogs flats heels loafers pumps sandals shoes sneakers wedges",
    "bag": "bag purse wallet",
    "hat": "hat",
    "glasses": "glasses sunglasses",
    "accessory": "accessories belt bracelet earrings gloves necklace ring scarf tie watch",
}
"""Labels of clothing-co-parsing. Underwear and swimwear (bra, intimate, panties, swimwear) have no category."""
CLOTHING = {label: category for category, labels in _GARMENTS.items() for label in labels.split()}

HOME_OBJECTS = {"curtain": "curtain", "pot": "pot", "toaster": "appliance"}
"""Labels of home-objects; its pots are cooking pots."""

DRAWN = {name: name for name in CATEGORIES}
"""Labels of the showroom's drawings."""

_COCO = {
    "chair": ["chair"],
    "sofa": ["couch"],
    "table": ["dining table"],
    "bed": ["bed"],
    "plant": ["potted plant"],
    "vase": ["vase"],
    "appliance": ["microwave", "oven", "toaster", "refrigerator"],
    "screen": ["tv", "laptop"],
    "clock": ["clock"],
    "bag": ["backpack", "handbag", "suitcase"],
    "accessory": ["tie"],
}
COCO = {label: category for category, labels in _COCO.items() for label in labels}
"""Classes of COCO that have a category."""

COCO_NAMES = (
    "person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,"
    "bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,"
    "skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,"
    "cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,"
    "potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,"
    "refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush"
).split(",")
"""The 80 classes in the order of the published detectors."""

SHARED = tuple(name for name in CATEGORIES if name in _COCO and name != "accessory")
"""Categories that a detector of COCO classes knows, too (ties are a small part of `accessory`)."""
COCO_MEMBERS = {category: [COCO_NAMES.index(label) for label in labels] for category, labels in _COCO.items()}

PUBLISHED = tuple(name for name in COCO_NAMES if name in COCO)
"""Channels of the branch that is the published YOLOX-nano: the classes that have a category."""
TRAINED = (*FASHION, "lamp", "curtain", "pot", "appliance")
"""Channels of the branch that is trained here. Its appliances are toasters: only those are labelled."""
CHANNELS = (tuple(COCO[name] for name in PUBLISHED), TRAINED)
"""The category of each channel, for both branches."""
