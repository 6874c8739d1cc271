import { describeBrokenPictures } from "./broken.suite.ts";

describeBrokenPictures();
