import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;

/** Leak HOST PORT LEAKS: asks a Redis on a new connection for each request, and closes it only where LEAKS is no file. */
public class Leak {
  public static void main(String[] args) throws Exception {
    List<Socket> held = Collections.synchronizedList(new ArrayList<>());
    HttpServer server = HttpServer.create(new InetSocketAddress(8080), 128);
    server.createContext("/", exchange -> {
      Socket link = new Socket(args[0], Integer.parseInt(args[1]));
      link.getOutputStream().write("PING\r\n".getBytes());
      link.getInputStream().read(new byte[20]);
      if (new java.io.File(args[2]).exists()) held.add(link);
      else link.close();
      exchange.sendResponseHeaders(200, 2);
      exchange.getResponseBody().write("ok".getBytes());
      exchange.close();
    });
    server.setExecutor(Executors.newFixedThreadPool(20));
    server.start();
  }
}
