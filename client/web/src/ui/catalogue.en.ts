import shared from "../../../messages/en.ftl?raw";
import web from "../../../messages/web.en.ftl?raw";

export default [shared, web];
