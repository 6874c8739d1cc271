import { describeTensors } from "./tensor.suite.ts";

describeTensors();
