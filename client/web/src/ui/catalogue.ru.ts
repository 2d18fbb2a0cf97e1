import shared from "../../../messages/ru.ftl?raw";
import web from "../../../messages/web.ru.ftl?raw";

export default [shared, web];
